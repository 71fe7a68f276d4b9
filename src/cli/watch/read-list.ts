import type { PausedQuery, PendingQuery } from '../gateway-client/__generated__/graphql.ts';
import { readList, readRuns, type TailedRun } from '../gateway-client/documents.ts';
import { execute } from '../gateway-client/execute.ts';
import type { ListConfig } from '../gateway-client/list-settings.ts';

/** Without calls of client tools, which `asks` leaves out by default: no person can answer them. */
export const PENDING = `query Pending($after: String, $agentIds: [ID!]) {
  pendingApprovals(first: 100, after: $after, agentIds: $agentIds) {
    nodes { id agentId createdAt approval { requestedAt toolCalls { toolCallId name arguments } } }
    endCursor
  }
}`;
export const PAUSED = `query Paused($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { id approval { state } } } }`;
/** The most ids of `nodes`. */
const MAX_IDS = 100;
/** As many active runs as a subscription watches, and as many failures as one page has. */
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
 * Reads a list as it is: the cursor from which events tell what changes, the newest run, the active runs, and the runs that
 * were created since a time and failed, oldest first. At most 1,000 of each, the newest.
 *
 * @param since milliseconds since 1970
 * @param known the ids of runs that were in the list before, whose failure is told of also if its status isn't listed
 */
export async function readBeginning(config: ListConfig, since: number, known: ReadonlySet<string>) {
  // First: what changes while the others are read is told.
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

/** Reads all runs that wait for a person, but of agents that can't be read. */
export async function readPending(config: ListConfig, after?: string): Promise<readonly PendingRun[]> {
  const agentIds = config.agentId === undefined ? undefined : [config.agentId];
  const [data] = await Array.fromAsync(execute<PendingQuery>(config, PENDING, { after, agentIds }));
  const { nodes = [], endCursor = null } = data?.pendingApprovals ?? {};
  return endCursor === null ? nodes : [...nodes, ...(await readPending(config, endCursor))];
}

/** Reads what has become of runs that waited, of the first 100. @throws ApiError also if one can't be read */
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
