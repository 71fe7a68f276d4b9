import type { ListConfig } from '../../config/tail-settings.ts';
import { LAST_RUNS, type LastRuns, type TailedRun } from '../tail/documents.ts';
import { execute } from '../tail/execute.ts';

/** Without calls of client tools, which `asks` leaves out by default: no person can answer them. */
const PENDING = `query Pending($after: String, $agentIds: [ID!]) {
  pendingApprovals(first: 100, after: $after, agentIds: $agentIds) {
    nodes { id agentId createdAt approval { requestedAt toolCalls { name } } }
    isComplete endCursor
  }
}`;
const PAGE_SIZE = 200;
/** How many pages of a list are read at most. */
const MAX_PAGES = 25;
/** As many active runs as a subscription watches. */
const MAX_ACTIVE = 1_000;
const ACTIVE = ['CREATED', 'RUNNING'];

/** A run that waits for an approval. */
export interface PendingRun extends Pick<TailedRun, 'id' | 'agentId' | 'createdAt'> {
  readonly approval: {
    readonly requestedAt: string;
    readonly toolCalls: readonly { readonly name: string }[];
  };
}

interface Pending {
  readonly pendingApprovals: {
    readonly nodes: readonly PendingRun[];
    readonly isComplete: boolean;
    readonly endCursor: string | null;
  };
}

/**
 * Reads a list back to a time, at most 5,000 runs.
 *
 * @param since milliseconds since 1970
 * @returns the id of the newest run, and the runs since then, oldest first
 */
export async function readRuns(config: ListConfig, since: number) {
  const runs: TailedRun[] = [];
  const variables = { first: PAGE_SIZE };
  for await (const { runs: page } of pages<LastRuns>(config, LAST_RUNS, variables, endOfRuns)) {
    runs.push(...page.nodes);
    if (createdAt(runs.at(-1)) < since) break;
  }
  return { newest: runs[0]?.id, runs: runs.filter((run) => createdAt(run) >= since).toReversed() };
}

export async function readActiveRuns(config: ListConfig): Promise<readonly TailedRun[]> {
  const statuses = ACTIVE.filter((status) => config.statuses?.split(',').includes(status) ?? true);
  if (statuses.length === 0) return [];
  const [data] = await Array.fromAsync(execute<LastRuns>(config, LAST_RUNS, { first: MAX_ACTIVE, statuses }));
  return data?.runs.nodes ?? [];
}

/** Reads the runs that wait for a person. `isComplete` says whether these are all of them. */
export async function readPending(config: ListConfig) {
  const variables = { agentIds: config.agentId === undefined ? undefined : [config.agentId] };
  const all = await Array.fromAsync(pages<Pending>(config, PENDING, variables, endOfPending));
  return {
    runs: all.flatMap(({ pendingApprovals }) => pendingApprovals.nodes),
    isComplete: all.at(-1)?.pendingApprovals.isComplete ?? false,
  };
}

const endOfRuns = ({ runs }: LastRuns) => runs.pageInfo.endCursor;
const endOfPending = ({ pendingApprovals }: Pending) => pendingApprovals.endCursor;

/** Yields pages until one has no end, or enough were read. */
async function* pages<Data>(
  config: ListConfig,
  document: string,
  variables: object,
  endOf: (data: Data) => string | null,
): AsyncGenerator<Data, void> {
  let after: string | null = null;
  for (let page = 0; page < MAX_PAGES; page++) {
    for await (const data of execute<Data>(config, document, { ...variables, after })) {
      yield data;
      after = endOf(data);
    }
    if (after === null) return;
  }
}

function createdAt(run: TailedRun | undefined): number {
  return Date.parse(run?.createdAt ?? '');
}
