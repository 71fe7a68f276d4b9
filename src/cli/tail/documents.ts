import type * as Types from './__generated__/graphql.ts';
import { execute } from './execute.ts';
import type { ListConfig } from './settings.ts';

const RUN_FIELDS =
  'id status rawStatus stopReason rawStopReason agentId createdAt completedAt totalDurationNs outcome failure { code message }';
const FILTERS = 'agentId: $agentId, statuses: $statuses';
export const LAST_RUNS = `query Last($first: Int!, $agentId: ID, $statuses: [RunStatus!], $outcomes: [RunOutcome!]) {
  runs(first: $first, outcomes: $outcomes, ${FILTERS}) { nodes { ${RUN_FIELDS} } }
}`;
export const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(${FILTERS}, after: $after) { kind runId run { ${RUN_FIELDS} } cursor }
}`;

/** Milliseconds by which a run may appear later than a newer one. */
export const MAX_LATE_MS = 10_000;

export type TailedRun = NonNullable<Types.LastQuery['runs']>['nodes'][number];
export type RunEvent = NonNullable<Types.TailSubscription['runEvents']>;
/** A change of a list of runs. */
export type RunChange = Pick<RunEvent, 'runId' | 'run'> & { readonly kind: string };

/** Reads the newest runs, newest first. @param variables `first`, and filters in place of those of the list */
export async function readRuns(config: ListConfig, variables: object): Promise<readonly TailedRun[]> {
  const answer = execute<Types.LastQuery>(config, LAST_RUNS, variables);
  return (await Array.fromAsync(answer)).flatMap(({ runs }) => runs.nodes);
}
