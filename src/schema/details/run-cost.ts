import type { RunCost } from '../../runs/prices.ts';
import { builder } from '../builder.ts';

export const RunCostRef = builder.objectRef<RunCost>('RunCost').implement({
  description:
    "What steps cost: their tokens by the prices of their models, which are the gateway's `PRICES`. With the sample runs, sample prices.",
  fields: (t) => ({
    amount: t.exposeFloat('amount', {
      description:
        'The sum over all steps whose cost is known. It is added up exactly, and rounded once, to the nearest double.',
    }),
    currency: t.exposeString('currency', { description: 'The currency, an ISO 4217 code such as `USD`.' }),
    isComplete: t.exposeBoolean('isComplete', {
      description:
        'Whether this is all: false if the model of a step has no price, its tokens are not known, or it has not ended.',
    }),
  }),
});
