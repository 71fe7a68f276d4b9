import { RUN_EVENTS, RUNS } from '../documents/runs.ts';
import { ApiError, asApiError, isUnfinished } from '../gateway/api-error.ts';
import { queryField } from '../gateway/query.ts';
import { stayConnected } from '../gateway/stay-connected.ts';
import { subscribe } from '../gateway/subscribe.ts';
import { createStore } from '../store.ts';
import { knowAgents } from './agent-names.ts';
import { type Filters, type ListArguments, variablesOf } from './filters.ts';
import { applyEvents, type Row, rowOf, type RunEvent } from './rows.ts';

interface RunList {
  /** Newest first. */
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly isReading: boolean;
  /** Why the list could not be read, or is no longer followed. */
  readonly error: ApiError | undefined;
  /** Why no more of it could be read. */
  readonly moreError: ApiError | undefined;
}

/** The rows that are kept at most. */
export const MAX_ROWS = 1000;
const FIRST_ROWS = 50;
const MORE_ROWS = 100;
/** Milliseconds after which an empty list is read again, for runs created before the subscription began. */
const AGAIN_MS = 3000;

const EMPTY: RunList = { rows: [], hasMore: false, isReading: true, error: undefined, moreError: undefined };
/** The list that is shown. It outlives its page, so that coming back from a run finds the list as it was. */
export const list = createStore(EMPTY);

let watching = new AbortController();
let variables: ListArguments = {};
/** The cursor after which older runs follow. */
let endCursor: string | null = null;
/** Events that come in the same moment are shown at once. */
let queue: RunEvent[] = [];

/** Reads a list, and follows it until another one is read. */
export function watch(filters: Filters): void {
  watching.abort();
  watching = new AbortController();
  queue = [];
  const { signal } = watching;
  list.set(EMPTY);
  /** The cursor after which changes follow: undefined until the list is read, null where it was empty. */
  let after: string | null | undefined;
  const work = async (ended: AbortSignal, onLive: () => void): Promise<void> => {
    if (after === undefined) {
      variables = variablesOf(filters, Date.now());
      after = await readRows(FIRST_ROWS, null, ended);
      onLive();
    }
    if (after === null) setTimeout(() => void readAgain(signal).catch(() => {}), AGAIN_MS);
    for await (const { data, errors } of subscribe(RUN_EVENTS, { ...variables, after }, ended, onLive)) {
      const [error] = errors;
      if (error !== undefined) {
        const { code = '', cursor } = error.extensions ?? {};
        after = cursor ?? after;
        if (!['CURSOR_TOO_OLD', 'INVALID_CURSOR'].includes(code)) throw new ApiError(error);
        // Too much has changed, or the run at the cursor is gone: the list is read anew.
        after = undefined;
        return;
      }
      if (!data?.runEvents) continue;
      after = data.runEvents.cursor;
      queue.push(data.runEvents);
      // Timers run in hidden pages, too.
      if (queue.length === 1) setTimeout(showEvents, 50);
    }
  };
  stayConnected(work, signal).catch((error: unknown) =>
    list.set({ isReading: false, error: asApiError(error) }),
  );
}

/**
 * Adds rows to the list; without a cursor, reads the list anew.
 *
 * @returns the cursor of the first row; null without rows
 */
async function readRows(first: number, after: string | null, signal: AbortSignal): Promise<string | null> {
  const isFirst = after === null;
  try {
    const asked = { ...variables, first, after, withNames: isFirst };
    const { nodes, pageInfo } = await queryField(RUNS, asked, 'runs', signal);
    knowAgents(nodes.flatMap(({ agentId, agent }) => (agent ? [[agentId, agent.name] as const] : [])));
    endCursor = pageInfo.endCursor ?? endCursor;
    const rows = isFirst ? [] : list.get().rows;
    const known = new Set(rows.map(({ id }) => id));
    const more = nodes.map(rowOf).filter(({ id }) => !known.has(id));
    const found = { rows: [...rows, ...more], hasMore: pageInfo.hasNextPage, isReading: false };
    list.set({ ...(isFirst && EMPTY), ...found });
    return pageInfo.startCursor;
  } catch (error) {
    signal.throwIfAborted();
    const moreError = asApiError(error);
    if (isFirst && !isUnfinished(moreError)) throw error;
    if (isUnfinished(moreError)) endCursor = moreError.cursor ?? endCursor;
    list.set({ ...(isFirst && EMPTY), hasMore: true, isReading: false, moreError });
    return null;
  }
}

/** Reads an empty list again. */
async function readAgain(signal: AbortSignal): Promise<void> {
  const { rows, hasMore } = list.get();
  if (rows.length === 0 && !hasMore && !signal.aborted) await readRows(FIRST_ROWS, null, signal);
}

/** Reads the next rows. */
export async function readMore(): Promise<void> {
  const { isReading, hasMore, rows } = list.get();
  if (isReading || !hasMore || rows.length >= MAX_ROWS) return;
  list.set({ isReading: true, moreError: undefined });
  const first = Math.min(MORE_ROWS, MAX_ROWS - rows.length);
  await readRows(first, endCursor, watching.signal).catch(() => {});
}

function showEvents(): void {
  const { rows: before, hasMore } = list.get();
  const rows = applyEvents(before, queue, hasMore);
  queue = [];
  const kept = rows.slice(0, MAX_ROWS);
  // Rows that were cut off are read again when there is room: the id of a run is a cursor.
  if (rows.length > MAX_ROWS) endCursor = kept.at(-1)?.id ?? null;
  list.set({ rows: kept, hasMore: hasMore || rows.length > MAX_ROWS });
}
