import type { ArgBuilder } from '@pothos/core';
import { readSize } from '../lists/pages/page-arguments.ts';
import type { CountedRuns } from '../loaders/runs.ts';
import { costOf } from '../runs/prices.ts';
import { countFailed, slowestFirst } from '../runs/run-stats.ts';
import { builder } from './builder.ts';
import { COMES_WITH_LIST } from './connection.ts';
import { RunCostRef } from './details/run-cost.ts';
import { countField, RunCountRef } from './run-count.ts';
import { durationsField } from './run-durations.ts';
import { GROUPED_BY, RunAgentCountRef, RunStatusCountRef, RunStopReasonCountRef } from './run-groups.ts';
import { ASSUMED_PERIODS, MAX_PERIODS, periodsOf, RunPeriodRef, TimeUnitEnum } from './run-periods.ts';
import { RunStatsTokensRef, stepsOfRuns, SUMMED_RUNS } from './run-tokens.ts';
import { RunRef } from './run.ts';

/** What routers assume of the lengths of the lists: a value for each of an enum, and for unknown ones or none. */
const STATUSES = 6;
const STOP_REASONS = 15;
/** The agents, and runs, that are listed if no number is given; and at most, also of those that are added up. */
const LISTED = 10;
const MAX_LISTED = 1000;
/** The steps of a run take a request, which costs 2 as it does for `Run.usage`. */
const STEPS_WEIGHT = 2;

const LISTED_DIRECTIVES = {
  listSize: { assumedSize: LISTED, slicingArguments: ['first'], requireOneSlicingArgument: false },
};

const SUMMED = {
  directives: { cost: { weight: STEPS_WEIGHT * SUMMED_RUNS } },
  extensions: { costPerItem: { argument: 'first', weight: STEPS_WEIGHT, assumed: SUMMED_RUNS } },
};
const summedRuns = (arg: ArgBuilder<typeof builder.$inferSchemaTypes>) => ({
  first: arg.int({
    defaultValue: SUMMED_RUNS,
    description: `The number of runs to add up, the newest ones, 0 to ${MAX_LISTED}. Each costs ${STEPS_WEIGHT}.`,
  }),
});

/** @throws ArgumentError */
const sizeOf = (first: number | null | undefined, preset: number): number =>
  readSize('first', first, { maxRows: MAX_LISTED }) ?? preset;

export const RunStatsRef = builder.objectRef<CountedRuns>('RunStats').implement({
  description:
    'Numbers about the runs that match some filters. They are worked out of the list, newest first, at most `SCAN_BUDGET` rows; `count.precision` says whether that was all of it.',
  fields: (t) => ({
    count: t.field(countField('How many runs match.')),
    failed: t.field({
      type: RunCountRef,
      description: 'How many of them have the status `FAILED`.',
      resolve: ({ rows, isWhole }) => ({ value: countFailed(rows), isWhole }),
    }),
    byStatus: t.field({
      type: [RunStatusCountRef],
      description: 'The runs by status, the most frequent first.',
      directives: { listSize: { assumedSize: STATUSES } },
      resolve: (stats) => GROUPED_BY.status(stats),
    }),
    byStopReason: t.field({
      type: [RunStopReasonCountRef],
      description: 'The runs by the reason why they ended, the most frequent first.',
      directives: { listSize: { assumedSize: STOP_REASONS } },
      resolve: (stats) => GROUPED_BY.stopReason(stats),
    }),
    byAgent: t.field({
      type: [RunAgentCountRef],
      description: 'The agents with the most runs, and how many these are.',
      args: {
        first: t.arg.int({
          description: `The number of agents to return, 0 to ${MAX_LISTED}; ${LISTED} if it is not given.`,
        }),
      },
      directives: LISTED_DIRECTIVES,
      resolve: (stats, { first }) => GROUPED_BY.agent(stats).slice(0, sizeOf(first, LISTED)),
    }),
    overTime: t.field({
      type: [RunPeriodRef],
      description: `The runs by the time of their creation, oldest first: all periods from the first run to the last one, those without runs included. At most ${MAX_PERIODS} periods.`,
      args: {
        by: t.arg({ type: TimeUnitEnum, required: true, description: 'The length of a period.' }),
        timezone: t.arg.string({
          description:
            'The time zone whose hours, days and weeks are meant: a name of the IANA time zone database, such as `Europe/Berlin`, or a fixed offset, such as `+05:30`. The default is `UTC`.',
        }),
      },
      directives: { listSize: { assumedSize: ASSUMED_PERIODS } },
      resolve: (stats, { by, timezone }) => periodsOf(stats, by, timezone ?? 'UTC'),
    }),
    slowest: t.field({
      type: [RunRef],
      description:
        'The runs that took longest, by `totalDurationNs`, the longest first; of equal ones the newest. Runs without a duration are left out.',
      args: {
        first: t.arg.int({
          defaultValue: LISTED,
          description: `The number of runs to return, 0 to ${MAX_LISTED}.`,
        }),
      },
      directives: LISTED_DIRECTIVES,
      extensions: COMES_WITH_LIST,
      resolve: async ({ rows, checkDurations }, { first }) => {
        const size = sizeOf(first, LISTED);
        await checkDurations();
        return slowestFirst(rows).slice(0, size);
      },
    }),
    durations: t.field(durationsField('How long they took; null if none of them has a duration.')),
    tokens: t.field({
      type: RunStatsTokensRef,
      nullable: true,
      description:
        'The tokens that the newest of them used. Takes a request for each run; `runCount` says how many were added up.',
      args: summedRuns(t.arg),
      ...SUMMED,
      resolve: (stats, { first }, context) => stepsOfRuns(stats, sizeOf(first, SUMMED_RUNS), context),
    }),
    cost: t.field({
      type: RunCostRef,
      nullable: true,
      description:
        'What the newest of them cost; null if none of their models has a price. `isComplete` is also false if more runs match than were added up, as `tokens { runCount }` says. Takes the same requests as `tokens`.',
      args: summedRuns(t.arg),
      ...SUMMED,
      resolve: async (stats, { first }, context) => {
        const size = sizeOf(first, SUMMED_RUNS);
        if (context.prices === undefined) return null;
        const { steps, runCount } = await stepsOfRuns(stats, size, context);
        const cost = costOf(steps, context.prices);
        return cost && { ...cost, isComplete: cost.isComplete && runCount.isWhole };
      },
    }),
  }),
});
