import type { PausedQuery, PendingQuery } from '../gateway-client/__generated__/graphql.ts';
import { readList, readRuns, type TailedRun } from '../gateway-client/documents.ts';
import { execute } from '../gateway-client/execute.ts';
import type { ListConfig } from '../gateway-client/list-settings.ts';

/** Leaves out calls of client tools, as `asks` does by default: no person can answer them. */
export const PENDING = `query Pending($after: String, $agentIds: [ID!]) {
  pendingApprovals(first: 100, after: $after, agentIds: $agentIds) {
    nodes { id agentId createdAt approval { requestedAt toolCalls { toolCallId name arguments } } }
    endCursor
  }
}`;
export const PAUSED = `query Paused($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { id approval { state } } } }`;
/** How many ids are read by one request. */
const MAX_IDS = 100;
/** The most runs of each list: as many as a subscription watches, and as many as a page has. */
export const MAX_LISTED = 1_000;
const ACTIVE = ['CREATED', 'RUNNING'];

/** A run that waits for an approval. */
export type PendingRun = NonNullable<PendingQuery['pendingApprovals']>['nodes'][number];

/** A run that waited for an approval; `state` is GONE if the run was deleted. */
export interface PausedRun {
  readonly id: string;
  readonly state: string;
}

/**
 * Reads a list as it is: the cursor after which events report changes, the newest run, the active runs, and the failed
 * runs created since a time, oldest first. At most 1,000 of each, the newest.
 *
 * @param since milliseconds since 1970
 * @param known the ids of runs that were in the list before: their failures are included whatever statuses are listed
 */
export async function readBeginning(config: ListConfig, since: number, known: ReadonlySet<string>) {
  // The cursor is read first, so that events report what changes while the other lists are read.
  const { nodes, cursor } = await readList(config, 1);
  const active = await readActive(config);
  const ofAnyStatus = { first: MAX_LISTED, statuses: undefined, outcomes: ['FAILED'] };
  const failed = since === Infinity ? [] : await readRuns(config, ofAnyStatus);
  const recent = failed.filter(
    ({ id, createdAt, status }) =>
      Date.parse(createdAt) >= since && (isListed(status, config) || known.has(id)),
  );
  return { cursor, newest: nodes[0], active, failed: recent.toReversed() };
}

/** Reads the active runs of a list. */
export async function readActive(config: ListConfig): Promise<readonly TailedRun[]> {
  const statuses = ACTIVE.filter((status) => isListed(status, config));
  return statuses.length === 0 ? [] : readRuns(config, { first: MAX_LISTED, statuses });
}

/** Whether runs of a status are watched. */
function isListed(status: string, { statuses }: ListConfig): boolean {
  return statuses?.split(',').includes(status) ?? true;
}

/** Reads all runs that wait for a person, except runs of agents that can't be read. */
export async function readPending(config: ListConfig, after?: string): Promise<readonly PendingRun[]> {
  const agentIds = config.agentId === undefined ? undefined : [config.agentId];
  const [data] = await Array.fromAsync(execute<PendingQuery>(config, PENDING, { after, agentIds }));
  const { nodes = [], endCursor = null } = data?.pendingApprovals ?? {};
  return endCursor === null ? nodes : [...nodes, ...(await readPending(config, endCursor))];
}

/** Reads the states of the first 100 runs that waited. @throws ApiError also if one can't be read */
export async function readPaused(config: ListConfig, ids: readonly string[]): Promise<readonly PausedRun[]> {
  const first = ids.slice(0, MAX_IDS);
  if (first.length === 0) return [];
  const [data] = await Array.fromAsync(
    execute<PausedQuery>(config, PAUSED, { ids: first }, { isWhole: true }),
  );
  return first.map((id, index) => {
    const node = data?.nodes[index];
    const approval = node && 'approval' in node ? node.approval : undefined;
    return { id, state: approval?.state ?? 'GONE' };
  });
}
