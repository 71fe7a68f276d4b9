import { ApiError, asApiError, isUnfinished } from '../../../client/api-error.ts';
import { RUN_EVENTS, RUNS } from '../documents/runs.ts';
import { followShown, setLive } from '../gateway/connection.ts';
import { queryField } from '../gateway/query.ts';
import { subscribe } from '../gateway/subscribe.ts';
import { createStore } from '../store.ts';
import { storeAgentNames } from './agent-names.ts';
import { applyEvents, type Row, rowOf, type RunEvent } from './apply-events.ts';
import { type Filters, type ListArguments, variablesOf } from './filters.ts';
import { refreshPending } from './pending.ts';

interface RunList {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly isReading: boolean;
  /** Why the list could not be read, or is no longer followed. */
  readonly error: ApiError | undefined;
  /** Why the next page could not be read. */
  readonly moreError: ApiError | undefined;
}

/** The maximum number of rows. */
export const MAX_ROWS = 1000;
const FIRST_ROWS = 50;
const MORE_ROWS = 100;

const EMPTY: RunList = { rows: [], hasMore: false, isReading: true, error: undefined, moreError: undefined };
/** The list that is shown. It outlives its page, so that coming back from a run finds the list as it was. */
export const runList = createStore(EMPTY);

let watching = new AbortController();
let variables: ListArguments = {};
/** The cursor after which older runs follow. */
let endCursor: string | null = null;
/** Events that wait to be shown together. */
let queue: RunEvent[] = [];

/** Reads a list, and follows its changes until the function is called for another list. */
export function watchRuns(filters: Filters): void {
  watching.abort();
  watching = new AbortController();
  queue = [];
  const { signal } = watching;
  runList.set(EMPTY);
  const begin = async (ended: AbortSignal): Promise<string | null> => {
    variables = variablesOf(filters, Date.now());
    const cursor = await readRows(FIRST_ROWS, null, ended);
    setLive();
    return cursor;
  };
  const showChanges = async (): Promise<void> => {
    for await (const event of followShown({ begin, subscribe: changes }, signal)) {
      queue.push(event);
      // Not by animation frames, which hidden pages don't have.
      if (queue.length === 1) setTimeout(showEvents, 50);
    }
  };
  showChanges().catch((error: unknown) => runList.set({ isReading: false, error: asApiError(error) }));
}

async function* changes(after: string | null, signal: AbortSignal): AsyncGenerator<RunEvent> {
  for await (const { data, errors } of subscribe(RUN_EVENTS, { ...variables, after }, signal, setLive)) {
    const [error] = errors;
    // An error beside an event only concerns some fields of the run.
    if (data?.runEvents) yield data.runEvents;
    else if (error !== undefined) throw new ApiError(error);
  }
}

/**
 * Adds the next rows to the list; without a cursor, replaces the list by its first rows.
 *
 * @returns the cursor after which changes follow; null for further rows, and for a list that could not be searched in whole
 */
async function readRows(first: number, after: string | null, signal: AbortSignal): Promise<string | null> {
  const isFirst = after === null;
  try {
    const pageVariables = { ...variables, first, after, withNames: isFirst };
    const { nodes, pageInfo, eventsCursor = null } = await queryField(RUNS, pageVariables, 'runs', signal);
    storeAgentNames(nodes.flatMap(({ agentId, agent }) => (agent ? [[agentId, agent.name] as const] : [])));
    endCursor = pageInfo.endCursor ?? endCursor;
    const rows = isFirst ? [] : runList.get().rows;
    const shownIds = new Set(rows.map(({ id }) => id));
    const more = nodes.map(rowOf).filter(({ id }) => !shownIds.has(id));
    const change = { rows: [...rows, ...more], hasMore: pageInfo.hasNextPage, isReading: false };
    runList.set({ ...(isFirst && EMPTY), ...change });
    return eventsCursor;
  } catch (error) {
    signal.throwIfAborted();
    const moreError = asApiError(error);
    if (isFirst && !isUnfinished(moreError)) throw error;
    if (isUnfinished(moreError)) endCursor = moreError.extensions.cursor ?? endCursor;
    runList.set({ ...(isFirst && EMPTY), hasMore: true, isReading: false, moreError });
    return null;
  }
}

/** Reads the next rows, unless a read is under way or the list is full. A failure is in `moreError`. */
export async function readMore(): Promise<void> {
  const { isReading, hasMore, rows } = runList.get();
  if (isReading || !hasMore || rows.length >= MAX_ROWS) return;
  runList.set({ isReading: true, moreError: undefined });
  const first = Math.min(MORE_ROWS, MAX_ROWS - rows.length);
  await readRows(first, endCursor, watching.signal).catch(() => {});
}

function showEvents(): void {
  const { rows: before, hasMore } = runList.get();
  const rows = applyEvents(before, queue, hasMore);
  queue = [];
  refreshPending();
  const shownRows = rows.slice(0, MAX_ROWS);
  // Rows beyond the maximum are read again when there is room: the id of a run is a cursor.
  if (rows.length > MAX_ROWS) endCursor = shownRows.at(-1)?.id ?? null;
  runList.set({ rows: shownRows, hasMore: hasMore || rows.length > MAX_ROWS });
}
