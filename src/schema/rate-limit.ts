import type { RateLimitState } from '../loaders/context.ts';
import { builder } from './builder.ts';

export const RateLimitRef = builder.objectRef<RateLimitState>('RateLimit').implement({
  description:
    'The allowance of a caller, in units of cost: those of `@cost` and `@listSize`, and at least 1 for each operation. All who send the same credentials share one.',
  fields: (t) => ({
    limit: t.exposeInt('limit', { description: 'The cost that you may spend in a minute.' }),
    remaining: t.exposeInt('remaining', {
      description:
        'What is left of it, as this operation was executed. An operation that costs more is refused with `RATE_LIMITED`.',
    }),
    resetAt: t.expose('resetAt', {
      type: 'DateTime',
      nullable: true,
      description:
        'When the minute ends, and all of the limit is there again. Null if it has ended already: the next one begins with your next operation.',
    }),
    cost: t.exposeInt('cost', {
      description:
        'What this operation was charged: its cost, or a fiftieth of the values that it may have if that is more; at least 1, and at most the limit.',
    }),
  }),
});
