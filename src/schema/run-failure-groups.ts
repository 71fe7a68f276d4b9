import type { Context } from '../loaders/context.ts';
import type { CountedRuns } from '../loaders/run-lists.ts';
import { failureKey } from '../runs/failure-groups.ts';
import { causeOf, codeOf, hasFailed, lastToolError } from '../runs/failures.ts';
import { dateTimeOf } from '../runs/instants.ts';
import type { CountedRun } from '../runs/run-stats.ts';
import { builder, LOOKED_UP, ONE_ITEM } from './builder.ts';
import { COMES_WITH_LIST } from './connection.ts';
import { failedRunOf } from './details/run-failure.ts';
import { AgentRef } from './node.ts';
import { countFields, type RunCount } from './run-counts.ts';
import { RunRef } from './run.ts';

const MAX_AGENTS = 5;
const MAX_RUNS = 100;

/** A group is priced for each run, which has one agent. */
const OF_EACH_RUN = ONE_ITEM;

/** Runs that failed equally, the newest first. */
interface FailureGroup extends CountedRuns {
  readonly rows: readonly [newest: CountedRun, ...others: CountedRun[]];
  /** The code of the failure of the newest run. */
  readonly code: string | null;
  readonly message: string;
}

/** Returns the newest of the runs that failed or were cut short. */
function newestFailed({ rows, isWhole }: CountedRuns, count: number) {
  const failed = rows.filter(hasFailed);
  return { rows: failed.slice(0, count), isWhole: isWhole && failed.length <= count };
}

/** Counts the runs that {@link failureGroupsOf} puts into groups. */
export function countGrouped(stats: CountedRuns, count: number): RunCount {
  const { rows, isWhole } = newestFailed(stats, count);
  return { value: rows.length, isWhole };
}

/**
 * Groups the newest runs that failed or were cut short, the largest group first; of equal ones the one with the newest run.
 *
 * @throws UpstreamError if the steps of one run can't be read, as if it was deleted meanwhile
 */
export async function failureGroupsOf(
  stats: CountedRuns,
  count: number,
  context: Context,
): Promise<readonly FailureGroup[]> {
  const { rows, isWhole } = newestFailed(stats, count);
  const failures = await Promise.all(
    rows.map(async (row) => {
      const failed = failedRunOf(row.run, context);
      const [code, { message }] = await Promise.all([codeOf(failed), causeOf(failed)]);
      return { row, code, message };
    }),
  );
  return [...Map.groupBy(failures, failureKey).values()]
    .flatMap(([newest, ...others]): FailureGroup[] => {
      if (newest === undefined) return [];
      const { row, code, message } = newest;
      return [{ ...stats, isWhole, rows: [row, ...others.map((other) => other.row)], code, message }];
    })
    .toSorted((a, b) => b.rows.length - a.rows.length);
}

/** Returns the tool whose error was the last one in each of the runs; null if they have none in common. */
async function sharedTool({ rows: [newest, ...others] }: FailureGroup, { lookUps }: Context) {
  const toolOf = async ({ run }: CountedRun): Promise<string | null> =>
    lastToolError((await lookUps.messages(run.id).read()).items)?.toolName ?? null;
  const name = await toolOf(newest);
  const names = name === null ? [] : await Promise.all(others.map(toolOf));
  return names.every((each) => each === name) ? name : null;
}

const agentsOf = ({ rows }: FailureGroup): readonly string[] => [
  ...new Set(rows.map(({ agentId }) => agentId)),
];

const createdAt = ({ run }: CountedRun): string => dateTimeOf(run.createdAt);

export const RunFailureGroupRef = builder.objectRef<FailureGroup>('RunFailureGroup').implement({
  description:
    'Runs that failed or were cut short with the same `code` and an equal `message`: ids, numbers, quoted values, times and addresses in it are not compared.',
  fields: (t) => ({
    code: t.exposeString('code', {
      nullable: true,
      description: 'The `Run.failure.code` that all of them have.',
    }),
    message: t.exposeString('message', { description: 'The `Run.failure.message` of the newest run.' }),
    toolName: t.field({
      ...LOOKED_UP,
      type: 'String',
      description:
        'The tool of `Run.failure.toolError`, if it is the same in all of these runs; else null. It takes the upstream requests of `Run.messages` for each run.',
      resolve: (group, _args, context) => sharedTool(group, context),
    }),
    count: countFields(t, 'How many runs these are. AT_LEAST if there are failures that were not grouped.')
      .count,
    agents: t.field({
      type: [AgentRef],
      description: `The agents of the newest of these runs, at most ${MAX_AGENTS}; their other fields take a look-up for each agent.`,
      directives: OF_EACH_RUN,
      resolve: (group) =>
        agentsOf(group)
          .slice(0, MAX_AGENTS)
          .map((id) => ({ id })),
    }),
    agentCount: t.int({
      description: 'How many agents these runs have.',
      resolve: (group) => agentsOf(group).length,
    }),
    firstAt: t.field({
      type: 'DateTime',
      description: 'When the oldest of these runs was created.',
      resolve: ({ rows }) => createdAt(rows.at(-1) ?? rows[0]),
    }),
    lastAt: t.field({
      type: 'DateTime',
      description: 'When the newest of these runs was created.',
      resolve: ({ rows }) => createdAt(rows[0]),
    }),
    newestRun: t.field({
      type: RunRef,
      description: 'The newest of these runs.',
      extensions: COMES_WITH_LIST,
      resolve: ({ rows }) => rows[0].run,
    }),
    runs: t.field({
      type: [RunRef],
      description: `These runs, the newest first, at most ${MAX_RUNS}.`,
      directives: OF_EACH_RUN,
      extensions: COMES_WITH_LIST,
      resolve: ({ rows }) => rows.slice(0, MAX_RUNS).map(({ run }) => run),
    }),
    runIds: t.idList({
      description: `The ids of these runs, the newest first, at most ${MAX_RUNS}.`,
      directives: OF_EACH_RUN,
      resolve: ({ rows }) => rows.slice(0, MAX_RUNS).map(({ run }) => run.id),
    }),
  }),
});
