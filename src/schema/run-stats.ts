import type { ArgBuilder } from '@pothos/core';
import { readSize } from '../lists/pages/page-arguments.ts';
import type { CountedRuns } from '../loaders/run-lists.ts';
import { MAX_FAILURE_GROUPS, MAX_GROUPED_FAILURES, MAX_STATISTICS_ROWS } from '../runs/limits.ts';
import { costOf } from '../runs/prices.ts';
import { enumValues } from '../runs/run-enums.ts';
import { periodsOf } from '../runs/run-periods.ts';
import { countFailed, slowestFirst } from '../runs/run-stats.ts';
import { builder, COUNT_DIRECTIVES, LOOK_UP_WEIGHT, type Types } from './builder.ts';
import { COMES_WITH_LIST } from './connection.ts';
import { countFields, RunCountRef } from './run-counts.ts';
import { countGrouped, failureGroupsOf, RunFailureGroupRef } from './run-failure-groups.ts';
import { GROUPS, RunPeriodRef, TimeUnitEnum } from './run-groups.ts';
import { RunCostRef, RunStatsTokensRef, stepsOfRuns } from './run-usage.ts';
import { RunRef } from './run.ts';

/** The argument `first`: its default for lists, and its default for runs whose steps are added up. */
const LISTED = 10;
const SUMMED = 100;

/** Groups by the values of an enum. The length that the engine and routers assume is all values, UNRECOGNIZED and null. */
const groups = ({ ref, of, field }: typeof GROUPS.status, description: string) => ({
  type: [ref] as [typeof ref],
  description,
  directives: { listSize: { assumedSize: enumValues(field.enum).length + ('isRequired' in field ? 1 : 2) } },
  resolve: (stats: CountedRuns) => of(stats),
});
const LISTED_DIRECTIVES = {
  listSize: { assumedSize: LISTED, slicingArguments: ['first'], requireOneSlicingArgument: false },
};
/** The steps of each run take a request. */
const SUMMED_PRICE = {
  directives: { cost: { weight: LOOK_UP_WEIGHT * SUMMED } },
  extensions: { costPerItem: { argument: 'first', weight: LOOK_UP_WEIGHT, assumed: SUMMED } },
};

const ARE_SUMMED = `are added up, the newest, at a cost of ${LOOK_UP_WEIGHT} each`;

const firstOf = (arg: ArgBuilder<Types>, preset: number, what: string) => ({
  first: arg.int({
    defaultValue: preset,
    description: `How many runs ${what}, 0 to ${MAX_STATISTICS_ROWS}.`,
  }),
});

/** Failed runs that are put into groups, and groups, if it is not said how many. */
const GROUPED = 100;
const FAILURE_GROUPS = 20;

const groupedRuns = (arg: ArgBuilder<Types>) => ({
  runs: arg.int({
    defaultValue: GROUPED,
    description: `How many of the runs that failed or were cut short are put into groups, the newest, 0 to ${MAX_GROUPED_FAILURES}.`,
  }),
});

/** @throws ArgumentError */
const groupedSize = (runs: number | null | undefined): number =>
  readSize('runs', runs, { maxRows: MAX_GROUPED_FAILURES }) ?? GROUPED;

/** @throws ArgumentError */
const sizeOf = (first: number | null | undefined, preset: number): number =>
  readSize('first', first, { maxRows: MAX_STATISTICS_ROWS }) ?? preset;

const RunStatsRef = builder.objectRef<CountedRuns>('RunStats').implement({
  description:
    'Numbers about the runs that match some filters. They are worked out of the list, newest first, or oldest first with `createdBefore` alone, at most `SCAN_BUDGET` rows; `count.precision` says whether that was all of it.',
  fields: (t) => ({
    count: countFields(t, 'How many runs match.').count,
    failed: t.field({
      type: RunCountRef,
      description: 'How many of them have the outcome `FAILED`, whatever their status.',
      resolve: ({ rows, isWhole }) => ({ value: countFailed(rows), isWhole }),
    }),
    byOutcome: t.field(groups(GROUPS.outcome, 'The runs by outcome, the most frequent first.')),
    byStatus: t.field(groups(GROUPS.status, 'The runs by status, the most frequent first.')),
    byStopReason: t.field(
      groups(GROUPS.stopReason, 'The runs by the reason why they ended, the most frequent first.'),
    ),
    byAgent: t.field({
      type: [GROUPS.agent.ref],
      description: 'The agents with the most runs, and how many these are.',
      args: {
        first: t.arg.int({
          description: `The number of agents, 0 to ${MAX_STATISTICS_ROWS}; ${LISTED} if it is not given.`,
        }),
      },
      directives: LISTED_DIRECTIVES,
      resolve: (stats, { first }) => GROUPS.agent.of(stats).slice(0, sizeOf(first, LISTED)),
    }),
    byFailure: t.field({
      type: [RunFailureGroupRef],
      nullable: true,
      description: `The runs that failed or were cut short in groups of equal failures, the largest group first; of equal ones the one with the newest run. A run whose \`metadata\` and stop reason say why it failed takes no request; any other takes one for its steps. \`byFailureRunCount\` says how many runs these are. Costs ${LOOK_UP_WEIGHT} for each of \`runs\`, and with \`toolName\` as much again.`,
      args: {
        first: t.arg.int({
          defaultValue: FAILURE_GROUPS,
          description: `How many groups are returned, 0 to ${MAX_FAILURE_GROUPS}.`,
        }),
        ...groupedRuns(t.arg),
      },
      // The number of runs decides how much is read, and is also the most groups that there can be.
      directives: {
        cost: { weight: LOOK_UP_WEIGHT },
        listSize: { assumedSize: GROUPED, slicingArguments: ['runs'], requireOneSlicingArgument: false },
      },
      resolve: async (stats, { first, runs }, context) => {
        const size = readSize('first', first, { maxRows: MAX_FAILURE_GROUPS }) ?? FAILURE_GROUPS;
        return (await failureGroupsOf(stats, groupedSize(runs), context)).slice(0, size);
      },
    }),
    byFailureRunCount: t.field({
      type: RunCountRef,
      description:
        'How many runs `byFailure` puts into groups if it has the same `runs`, and whether these are all that failed or were cut short.',
      args: groupedRuns(t.arg),
      resolve: (stats, { runs }) => countGrouped(stats, groupedSize(runs)),
    }),
    overTime: t.field({
      type: [RunPeriodRef],
      description: `The runs by the time of their creation, oldest first: all periods from the first run to the last one, those without runs included. At most ${MAX_STATISTICS_ROWS} periods.`,
      args: {
        by: t.arg({ type: TimeUnitEnum, required: true, description: 'The length of a period.' }),
        timezone: t.arg.string({
          description:
            'The time zone whose hours, days and weeks are meant: a name of the IANA time zone database, such as `Europe/Berlin`, or a fixed offset, such as `+05:30`. The default is `UTC`.',
        }),
      },
      directives: { listSize: { assumedSize: 300 } },
      resolve: (stats, { by, timezone }) =>
        periodsOf(stats, by, timezone ?? 'UTC').map((period) => ({ ...stats, ...period })),
    }),
    slowest: t.field({
      type: [RunRef],
      description:
        'The runs that took longest, by `totalDurationNs`, the longest first; of equal ones the newest. Runs without a duration are left out.',
      args: firstOf(t.arg, LISTED, 'are listed'),
      directives: LISTED_DIRECTIVES,
      extensions: COMES_WITH_LIST,
      resolve: async ({ rows, checkDurations }, { first }) => {
        const size = sizeOf(first, LISTED);
        await checkDurations();
        return slowestFirst(rows).slice(0, size);
      },
    }),
    durations: countFields(t).durations,
    tokens: t.field({
      type: RunStatsTokensRef,
      nullable: true,
      description:
        'The tokens that the newest of the runs that were read used. Takes a request for each run; `runCount` says how many were added up.',
      args: firstOf(t.arg, SUMMED, ARE_SUMMED),
      ...SUMMED_PRICE,
      resolve: (stats, { first }, context) => stepsOfRuns(stats, sizeOf(first, SUMMED), context),
    }),
    cost: t.field({
      type: RunCostRef,
      nullable: true,
      description:
        'What the newest of the runs that were read cost; null if none of their models has a price. `isComplete` is also false if more runs match than were added up, as `tokens { runCount }` says. Takes the same requests as `tokens`.',
      args: firstOf(t.arg, SUMMED, ARE_SUMMED),
      ...SUMMED_PRICE,
      resolve: async (stats, { first }, context) => {
        const size = sizeOf(first, SUMMED);
        const { prices } = context.options;
        if (prices === undefined) return null;
        const { steps, runCount } = await stepsOfRuns(stats, size, context);
        const cost = costOf(steps, prices);
        return cost && { ...cost, isComplete: cost.isComplete && runCount.isWhole };
      },
    }),
  }),
});

/** Options of a field that returns statistics of runs. */
export const RUN_STATS = { type: RunStatsRef, nullable: true, directives: COUNT_DIRECTIVES } as const;
