import { ArgumentError } from '../errors/gateway-error.ts';
import type { Context } from '../loaders/context.ts';
import { checkDurations } from '../runs/listed-durations.ts';
import { groupSizes, percentile } from '../runs/run-stats.ts';
import type { Run } from '../runs/run.ts';
import type { CountedRows } from '../windows/count-rows.ts';
import { builder } from './builder.ts';
import { RunTokensRef, type Steps } from './details/run-usage.ts';
import {
  type CountedGroup,
  RunAgentCountRef,
  type RunCount,
  RunCountRef,
  RunStatusCountRef,
  RunStopReasonCountRef,
} from './run-count.ts';

/** What routers assume of the lengths of the lists: a value for each of an enum, and for unknown ones or none. */
const STATUSES = 6;
const STOP_REASONS = 15;
const AGENTS = 10;
const MAX_AGENTS = 1000;
/** Runs whose steps are added up; each takes a request, which costs 2 as it does for `Run.usage`. */
const MAX_SUMMED_RUNS = 100;

interface SummedRuns extends Steps {
  readonly runCount: RunCount;
}

const RunStatsTokensRef = builder.objectRef<SummedRuns>('RunStatsTokens').implement({
  description: `The tokens that runs used, over all of their steps: those of the newest ${MAX_SUMMED_RUNS} runs, if there are more.`,
  interfaces: [RunTokensRef],
  fields: (t) => ({
    runCount: t.field({
      type: RunCountRef,
      description: 'How many runs were added up, and whether these are all of those that match.',
      resolve: ({ runCount }) => runCount,
    }),
  }),
});

/** The durations of some runs; at least one. */
interface Durations {
  readonly ascending: readonly number[];
  readonly isWhole: boolean;
}

/** The duration that a share of the runs doesn't exceed. */
const upTo = (share: number, description: string) => ({
  type: 'Nanoseconds' as const,
  description,
  resolve: ({ ascending }: Durations) => percentile(ascending, share),
});

const RunDurationsRef = builder.objectRef<Durations>('RunDurations').implement({
  description:
    'How long runs took, by the `totalDurationNs` of lists. Percentiles are by the nearest rank, so each is the duration of some run.',
  fields: (t) => ({
    p50: t.field(upTo(0.5, 'Half of the runs took no longer than this.')),
    p95: t.field(upTo(0.95, '95 percent of the runs took no longer than this.')),
    max: t.field(upTo(1, 'The longest of the durations.')),
    runCount: t.field({
      type: RunCountRef,
      description: 'How many runs these are: those of the statistics that have a duration.',
      resolve: ({ ascending, isWhole }) => ({ value: ascending.length, isWhole }),
    }),
  }),
});

export const RunStatsRef = builder.objectRef<CountedRows<Run>>('RunStats').implement({
  description:
    'Numbers about the runs that match some filters. They are worked out of the list, newest first, at most `SCAN_BUDGET` rows; `count.precision` says whether that was all of it.',
  fields: (t) => ({
    count: t.field({
      type: RunCountRef,
      description: 'How many runs match.',
      resolve: ({ rows: runs, isWhole }) => ({ value: runs.length, isWhole }),
    }),
    byStatus: t.field({
      type: [RunStatusCountRef],
      description: 'The runs by status, the most frequent first.',
      directives: { listSize: { assumedSize: STATUSES } },
      resolve: (stats) => groups(stats, ({ status }) => status),
    }),
    byStopReason: t.field({
      type: [RunStopReasonCountRef],
      description: 'The runs by the reason why they ended, the most frequent first.',
      directives: { listSize: { assumedSize: STOP_REASONS } },
      resolve: (stats) => groups(stats, ({ stopReason }) => stopReason),
    }),
    byAgent: t.field({
      type: [RunAgentCountRef],
      description: 'The agents with the most runs, and how many these are.',
      args: {
        first: t.arg.int({
          description: `The number of agents to return, 0 to ${MAX_AGENTS}; ${AGENTS} if it is not given.`,
        }),
      },
      directives: {
        listSize: {
          assumedSize: AGENTS,
          slicingArguments: ['first'],
          requireOneSlicingArgument: false,
        },
      },
      resolve: (stats, { first }) =>
        groups(stats, ({ agentId }) => agentId).slice(0, sizeOf(first ?? AGENTS)),
    }),
    durations: t.field({
      type: RunDurationsRef,
      nullable: true,
      description: 'How long they took; null if none of them has a duration.',
      resolve: async ({ rows: runs, isWhole }, _args, context) => {
        await checkDurations(runs, context);
        const durations = runs.map(({ totalDurationNs }) => totalDurationNs).filter((ns) => ns !== null);
        const ascending = durations.toSorted((a, b) => a - b);
        return ascending.length === 0 ? null : { ascending, isWhole };
      },
    }),
    tokens: t.field({
      type: RunStatsTokensRef,
      nullable: true,
      description: `The tokens that they used. Takes a request for each run, so it is over the newest ${MAX_SUMMED_RUNS} at most.`,
      directives: { cost: { weight: 2 * MAX_SUMMED_RUNS } },
      resolve: sumTokens,
    }),
  }),
});

function groups<Value extends string | null>(
  { rows: runs, isWhole }: CountedRows<Run>,
  valueOf: (run: Run) => Value,
): readonly CountedGroup<Value>[] {
  return groupSizes(runs, valueOf).map(({ value, size }) => ({ value, count: { value: size, isWhole } }));
}

/** @throws ArgumentError */
function sizeOf(first: number): number {
  if (first >= 0 && first <= MAX_AGENTS) return first;
  throw new ArgumentError(
    'first',
    `first: expected a whole number from 0 to ${MAX_AGENTS}, but got ${first}`,
  );
}

/** @throws UpstreamError if the steps of one of them can't be read, as of a run that was deleted meanwhile */
async function sumTokens(
  { rows: runs, isWhole }: CountedRows<Run>,
  _args: object,
  { runParts }: Context,
): Promise<SummedRuns> {
  const summed = runs.slice(0, MAX_SUMMED_RUNS);
  const lists = await Promise.all(summed.map(({ id }) => runParts.load('steps', id).read()));
  const runCount = { value: summed.length, isWhole: isWhole && summed.length === runs.length };
  return { steps: lists.flatMap(({ items }) => items), runCount };
}
