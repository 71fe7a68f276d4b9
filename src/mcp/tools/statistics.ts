import * as z from 'zod';
import { type Count, STATS } from '../documents.ts';
import { instant, instantOf, secondsOf } from '../times.ts';
import { agentId, tool } from '../tool.ts';

export const runStats = tool({
  name: 'run_stats',
  title: 'Count runs, and what they cost',
  description:
    'How many runs, how many failed, how long they took, by status, agent, hour or day; with cost=true also tokens and money. For "what did the agent cost yesterday" give agentId, since and until as dates, and cost=true. "at least" means that not all runs were counted.',
  input: z.strictObject({
    by: z.enum(['status', 'agent', 'hour', 'day']).default('status'),
    agentId: agentId.optional(),
    since: instant.default('24h').describe('24h, 7d, or a date'),
    until: instant.optional().describe('Before this time'),
    timezone: z.string().max(100).default('UTC').describe('Such as Europe/Berlin, for by=hour and by=day'),
    cost: z.boolean().default(false),
  }),
  document: STATS,
  variables: ({ by, agentId: id, since, until, timezone, cost }, now) => ({
    agentId: id,
    createdAfter: instantOf(since, now),
    createdBefore: instantOf(until, now),
    byStatus: by === 'status',
    byAgent: by === 'agent',
    overTime: by === 'hour' || by === 'day',
    unit: by === 'hour' ? ('HOUR' as const) : ('DAY' as const),
    timezone,
    withCost: cost,
  }),
  answer({ runStats: stats }, { by, since, until, cost }, { now }) {
    const rows = [
      ...(stats?.byOutcome ?? []).map(({ outcome, count }) => ({ state: outcome, runs: countOf(count) })),
      ...(stats?.byStopReason ?? []).map(({ rawStopReason, count }) => ({
        stopReason: rawStopReason?.toUpperCase() ?? 'NONE',
        runs: countOf(count),
      })),
      ...(stats?.byAgent ?? []).map(({ agent, count, failed, durations }) => ({
        agent: agent.name,
        agentId: agent.id,
        runs: countOf(count),
        failed,
        p50Seconds: secondsOf(durations?.p50),
        p95Seconds: secondsOf(durations?.p95),
      })),
      ...(stats?.overTime ?? []).map(({ from, count, failed, durations }) => ({
        from,
        runs: countOf(count),
        failed,
        p50Seconds: secondsOf(durations?.p50),
      })),
    ];
    const isPriced = !cost || stats?.cost;
    return {
      facts: {
        since: instantOf(since, now),
        until: instantOf(until, now) ?? new Date(now).toISOString(),
        runs: countOf(stats?.count),
        failed: countOf(stats?.failed),
        p50Seconds: secondsOf(stats?.durations?.p50),
        p95Seconds: secondsOf(stats?.durations?.p95),
        maxSeconds: secondsOf(stats?.durations?.max),
        tokens: stats?.tokens?.totalTokens,
        tokensOfRuns: countOf(stats?.tokens?.runCount),
        cost: isPriced ? stats?.cost : 'not known: none of the models has a price',
      },
      list: {
        name: `by${by}`,
        items: rows,
        keepsEnd: by === 'hour' || by === 'day',
        rest: (shown) => (shown.length === rows.length ? 'This is all.' : 'Some are left out.'),
      },
    };
  },
});

/** Returns a number, or a text if there may be more. */
function countOf(count: Count | undefined): number | string | null {
  if (count === undefined) return null;
  return count.precision === 'EXACT' ? count.value : `at least ${count.value}`;
}
