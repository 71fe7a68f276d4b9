import { execute } from './execute.ts';
import type { ListConfig } from './settings.ts';

const RUN_FIELDS =
  'id status rawStatus stopReason rawStopReason agentId createdAt completedAt totalDurationNs outcome failure { code message }';
const FILTERS = 'agentId: $agentId, statuses: $statuses';
const LAST_RUNS = `query Last($first: Int!, $agentId: ID, $statuses: [RunStatus!], $outcomes: [RunOutcome!]) {
  runs(first: $first, outcomes: $outcomes, ${FILTERS}) { nodes { ${RUN_FIELDS} } }
}`;
export const RUN_EVENTS = `subscription Tail($agentId: ID, $statuses: [RunStatus!], $after: String) {
  runEvents(${FILTERS}, after: $after) { kind runId run { ${RUN_FIELDS} } cursor }
}`;

/** Milliseconds by which a run may appear later than a newer one. */
export const MAX_LATE_MS = 10_000;

export interface TailedRun {
  readonly id: string;
  readonly rawStatus: string;
  readonly rawStopReason: string | null;
  readonly agentId: string | null;
  readonly createdAt: string;
  readonly completedAt: string | null;
  readonly totalDurationNs: number | null;
  readonly outcome: string;
  readonly failure: { readonly message: string } | null;
}

/** A change of a list of runs. */
export interface RunChange {
  readonly kind: string;
  readonly runId: string;
  readonly run: TailedRun | null;
}

export interface RunEvent extends RunChange {
  readonly cursor: string;
}

/** Reads the newest runs, newest first. @param variables `first`, and filters in place of those of the list */
export async function readRuns(config: ListConfig, variables: object): Promise<readonly TailedRun[]> {
  const answer = execute<{ runs: { nodes: readonly TailedRun[] } }>(config, LAST_RUNS, variables);
  return (await Array.fromAsync(answer)).flatMap(({ runs }) => runs.nodes);
}
