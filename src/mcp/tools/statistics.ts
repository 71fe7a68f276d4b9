import * as z from 'zod';
import { STATS } from '../documents.ts';
import { checkPeriod, instant, periodOf, timezone } from '../times.ts';
import { agentId, namedIn, tool } from '../tool.ts';

/** The maximum number of agents, and of groups of failures. */
const MAX_GROUPS = 20;
/** The most failures that are grouped, the newest ones. */
const MAX_FAILURES = 200;

export const runStats = tool({
  name: 'run_stats',
  description: `How many runs, how many failed, how long they took, by status, agent (the ${MAX_GROUPS} with the most runs), failure (equal ones of the newest ${MAX_FAILURES} that failed or were cut short: code, message, newest run), hour or day; with cost=true also tokens and money. For "what did the agent cost yesterday" give agentId, since and until as dates, and cost=true. "at least" means that not all runs were counted.`,
  input: z
    .strictObject({
      by: z.enum(['status', 'agent', 'failure', 'hour', 'day']).default('status'),
      agentId: agentId.optional(),
      since: instant.default('24h').describe('24h, 7d, or a date'),
      until: instant.optional().describe('Before this time'),
      timezone: timezone.describe('Of dates, hours and days, such as Europe/Berlin'),
      cost: z.boolean().default(false),
    })
    .check(checkPeriod),
  document: STATS,
  variables: ({ by, cost, ...args }, now) => ({
    agentId: args.agentId,
    timezone: args.timezone,
    named: namedIn(args),
    createdAfter: periodOf(args, now).since,
    createdBefore: periodOf(args, now).until,
    byStatus: by === 'status',
    byAgent: by === 'agent',
    byFailure: by === 'failure',
    groups: MAX_GROUPS,
    failures: MAX_FAILURES,
    overTime: by === 'hour' || by === 'day',
    unit: by === 'hour' ? ('HOUR' as const) : ('DAY' as const),
    withCost: cost,
  }),
  result({ runStats: stats }, { by, cost, until = '0s', ...args }, now) {
    const { status, agent, failure, time, ...facts } = stats ?? {};
    const items = status ?? agent ?? failure ?? time ?? [];
    const stopReasons = stats?.stopReasons?.map((each) => ({
      ...each,
      stopReason: each.stopReason ?? 'NONE',
    }));
    const why =
      stats?.runs?.value === 0
        ? 'nothing: there are no runs'
        : `not known: ${stats?.tokens == null ? 'the steps could not be read' : 'none of the models has a price'}`;
    const price = stats?.cost ?? (cost ? why : null);
    const rest = (shown: number): string => {
      if (by === 'failure' && failure == null) return 'They could not be read.';
      if (time !== undefined) return shown < items.length ? 'Earlier ones are left out.' : 'This is all.';
      if (shown < items.length) return 'Those with fewer runs are left out.';
      return shown === MAX_GROUPS ? 'There may be more, with fewer runs.' : 'This is all.';
    };
    return {
      facts: {
        ...periodOf({ ...args, until }, now),
        ...facts,
        stopReasons,
        cost: price,
      },
      list: { name: by, items, keepsEnd: time !== undefined, rest },
    };
  },
});
