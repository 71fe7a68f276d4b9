import * as z from 'zod';
import { STATS } from '../documents.ts';
import { checkPeriod, instant, periodOf, timezone } from '../times.ts';
import { agentId, namedIn, tool } from '../tool.ts';

const MAX_AGENTS = 20;

export const runStats = tool({
  name: 'run_stats',
  description: `How many runs, how many failed, how long they took, by status, agent (the ${MAX_AGENTS} with the most runs), hour or day; with cost=true also tokens and money. For "what did the agent cost yesterday" give agentId, since and until as dates, and cost=true. "at least" means that not all runs were counted.`,
  input: z
    .strictObject({
      by: z.enum(['status', 'agent', 'hour', 'day']).default('status'),
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
    agents: MAX_AGENTS,
    overTime: by === 'hour' || by === 'day',
    unit: by === 'hour' ? ('HOUR' as const) : ('DAY' as const),
    withCost: cost,
  }),
  answer({ runStats: stats }, { by, cost, until = '0s', ...args }, now) {
    const { status, agent, time, ...facts } = stats ?? {};
    const items = status ?? agent ?? time ?? [];
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
      if (shown < items.length)
        return agent ? 'Those with fewer runs are left out.' : 'Earlier ones are left out.';
      return agent?.length === MAX_AGENTS ? 'There may be more agents, with fewer runs.' : 'This is all.';
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
