import { call, type Scenario } from './scenario.ts';

export const delivery: Scenario = {
  role: 'Returns desk',
  description: 'Finds parcels, takes returns and books refunds up to 50 euros.',
  tags: ['customers', 'production'],
  customer: 'Hannah Okafor',
  channel: 'web',
  note: 'Parcel shows as delivered, but the porter has not seen it. Wants a second delivery before Friday.',
  hasPhoto: true,
  thought: 'The tracking says delivered. I need the scan of the courier before I can claim anything.',
  calls: [
    call(
      'find_parcel',
      { tracking_number: 'JD0146000090125' },
      'Delivered on Tuesday at 14:07, signed by nobody, photo of a door.',
    ),
    call(
      'open_claim',
      { tracking_number: 'JD0146000090125', kind: 'not_received' },
      'Claim CL-20418 is open; the carrier answers within two working days.',
    ),
  ],
  error: 'CarrierError: 504 from the tracking service after 10 s',
  topic: 'missing parcels',
  approved: call(
    'book_redelivery',
    { day: 'Thursday', from: '09:00', to: '12:00', cost_cents: 490 },
    'Booked.',
  ),
  denial: 'Ask the porter first.',
  replies: {
    question:
      'Could you send me the tracking number? It is on the label, and in the mail about the delivery.',
    done: 'The courier left the parcel on Tuesday at 14:07, but nobody signed for it. I have opened claim CL-20418; the carrier answers within two working days.',
    approved: 'A second delivery is booked for Thursday between 9 and 12.',
    denied: 'Before I book a second delivery, please ask the porter once more.',
    failed:
      'The tracking service of the carrier does not answer, so I can neither see where the parcel is nor open a claim. I will try again in an hour and write to you.',
  },
  isEnglish: true,
};

export const billing: Scenario = {
  role: 'Billing assistant',
  description: 'Answers questions about invoices, and asks a person before it changes one.',
  tags: ['customers', 'finance', 'production'],
  customer: 'Marcus Lindqvist',
  channel: 'email',
  note: 'Was charged twice for the October invoice; asks for a refund of one of them and a written confirmation.',
  thought: 'Two payments of the same amount on one day look like a retry of ours. I check both.',
  calls: [
    call(
      'list_payments',
      { invoice: 'INV-2210-0871', limit: 10 },
      '2 payments of 189.00 EUR on 3 October, 11 seconds apart',
    ),
    call('read_invoice', { invoice: 'INV-2210-0871' }, '189.00 EUR, due on 17 October, paid'),
  ],
  error: 'PermissionError: the key of this agent may not read payments',
  topic: 'double charges',
  approved: call(
    'refund_payment',
    { payment: 'pay_7Hq2', amount_cents: 18_900 },
    'Refund re_55Tk is on its way.',
  ),
  denial: 'Wait for accounting.',
  replies: {
    question: 'Which invoice is it? Its number begins with INV.',
    done: 'You are right: invoice INV-2210-0871 was paid twice on 3 October, 11 seconds apart. This message confirms it in writing.',
    approved: 'The second payment, 189.00 EUR, is on its way back to you; it takes up to five working days.',
    denied: 'The refund waits for our accounting, who will write to you.',
    failed:
      'I am not allowed to read the payments of this invoice, so I can not say whether you were charged twice. A colleague will look at it today.',
  },
  isEnglish: true,
};
