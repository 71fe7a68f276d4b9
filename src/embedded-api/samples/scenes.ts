/** A tool as an agent calls it, with what it returns. */
export interface SampleCall {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly result: string;
  /** What it says instead when it fails. */
  readonly error: string;
}

/** What an agent does for one kind of request. */
export interface Scene {
  /** The thought in front of the first call. */
  readonly thought: string;
  readonly calls: readonly [SampleCall, ...SampleCall[]];
  /** The call that a person has to approve. */
  readonly approved: SampleCall;
  /** The reason of a person who doesn't approve. */
  readonly denial: string;
}

/** The scenes of the sample runs by name. */
export const SCENES = {
  delivery: {
    thought: 'The tracking says delivered. I need the scan of the courier before I can claim anything.',
    calls: [
      {
        name: 'find_parcel',
        arguments: { tracking_number: 'JD0146000090125' },
        result: 'Delivered on Tuesday at 14:07, signed by nobody, photo of a door.',
        error: 'CarrierError: 504 from the tracking service after 10 s',
      },
      {
        name: 'open_claim',
        arguments: { tracking_number: 'JD0146000090125', kind: 'not_received' },
        result: 'Claim CL-20418 is open; the carrier answers within two working days.',
        error: "ValidationError: 'kind' must be one of lost, damaged, late",
      },
    ],
    approved: {
      name: 'book_redelivery',
      arguments: { day: 'Thursday', from: '09:00', to: '12:00', cost_cents: 490 },
      result: 'Booked.',
      error: 'No courier is free in this slot',
    },
    denial: 'Ask the porter first.',
  },
  billing: {
    thought: 'Two payments of the same amount on one day look like a retry of ours. I check both.',
    calls: [
      {
        name: 'list_payments',
        arguments: { invoice: 'INV-2210-0871', limit: 10 },
        result: '2 payments of 189.00 EUR on 3 October, 11 seconds apart',
        error: 'PermissionError: the key of this agent may not read payments',
      },
      {
        name: 'read_invoice',
        arguments: { invoice: 'INV-2210-0871' },
        result: '189.00 EUR, due on 17 October, paid',
        error: "ValueError: could not convert 'n/a' to a date",
      },
    ],
    approved: {
      name: 'refund_payment',
      arguments: { payment: 'pay_7Hq2', amount_cents: 18_900 },
      result: 'Refund re_55Tk is on its way.',
      error: 'The payment has been refunded already',
    },
    denial: 'Wait for accounting.',
  },
  appointment: {
    thought: 'A slot within the next days, and somebody should call before.',
    calls: [
      {
        name: 'find_slots',
        arguments: { skill: 'heating', days: 7 },
        result: 'Thursday 09:30, Thursday 11:00, Friday 08:00',
        error: 'CalendarError: the calendar is locked by an import',
      },
      {
        name: 'hold_slot',
        arguments: { slot: 'Thursday 09:30', minutes: 15 },
        result: 'Held until 10:20.',
        error: 'The slot was taken a moment ago',
      },
    ],
    approved: {
      name: 'schedule_visit',
      arguments: { date: 'Thursday', time: '09:30', call_before: true },
      result: 'Visit V-3391 is scheduled.',
      error: "TypeError: schedule_visit() missing 1 required argument: 'date'",
    },
    denial: 'Mornings only with a second technician.',
  },
  order: {
    thought: 'As long as the order is not packed I can change it myself.',
    calls: [
      {
        name: 'find_order',
        arguments: { customer: 'by e-mail', open: true },
        result: 'Order 60-4417, paid, not packed',
        error: 'TimeoutError: the shop did not answer within 5 s',
      },
      {
        name: 'check_stock',
        arguments: { sku: 'TS-114-M', warehouse: 'west' },
        result: '12 in stock',
        error: "KeyError: 'TS-114-M'",
      },
    ],
    approved: {
      name: 'change_order',
      arguments: { order: '60-4417', notify: true },
      result: 'Changed; the customer has been notified.',
      error: 'The order is already packed',
    },
    denial: 'The customer has changed this order twice.',
  },
  report: {
    thought: 'I compare the two weeks by office and look at what is over ten percent.',
    calls: [
      {
        name: 'run_query',
        arguments: { sql: "SELECT week, count(*) FROM sign_ups WHERE office = 'Pune' GROUP BY week" },
        result: '[["2026-W46", 1182], ["2026-W47", 1329]]',
        error: 'QueryError: canceled after 30 s',
      },
      {
        name: 'read_calendar',
        arguments: { team: 'marketing', days: 14 },
        result: 'Monday: campaign "Winter" starts in Pune and Nagpur',
        error: 'PermissionError: the calendar is private',
      },
    ],
    approved: {
      name: 'post_report',
      arguments: { channel: '#pune-weekly' },
      result: 'Posted.',
      error: 'channel_not_found',
    },
    denial: 'Please send it to me first.',
  },
  account: {
    thought: 'The log of sign-ins will show whether the account is locked.',
    calls: [
      {
        name: 'find_account',
        arguments: { by: 'phone', verified: true },
        result: 'Account 88213, created in 2019, locked',
        error: 'More than one account has this number',
      },
      {
        name: 'read_sign_ins',
        arguments: { account: 88_213, hours: 24 },
        result: '5 wrong codes between 08:51 and 08:54',
        error: 'IndexError: list index out of range',
      },
    ],
    approved: {
      name: 'unlock_account',
      arguments: { account: 88_213 },
      result: 'Unlocked.',
      error: 'The account is under review',
    },
    denial: 'Not without a call back.',
  },
  contacts: {
    thought: 'Before anything is merged, the rows without a phone number have to be set aside.',
    calls: [
      {
        name: 'read_file',
        arguments: { path: 'imports/contacts.csv' },
        result: '412 rows, 7 without a phone number, 3 possible duplicates',
        error: 'UnicodeDecodeError: byte 0xe9 in position 10233',
      },
      {
        name: 'import_contacts',
        arguments: { rows: 405, dry_run: false },
        result: '405 imported, 0 skipped',
        error: 'Row 214: no such branch',
      },
    ],
    approved: {
      name: 'merge_duplicates',
      arguments: { ids: [1044, 2310, 2311] },
      result: 'Merged 3 into 1.',
      error: 'One of the contacts was changed meanwhile',
    },
    denial: 'The branch wants to look at them first.',
  },
} as const satisfies Readonly<Record<string, Scene>>;

export type SceneName = keyof typeof SCENES;
