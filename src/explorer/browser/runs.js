// The list of runs: what has been read of it, and how it changes. It outlives the view, so that coming back from a run
// finds the list as it was.

import { knowAgent } from './agent-names.js';
import { ApiError, asApiError, query, queryField, stayConnected, subscribe } from './api.js';
import { sawRun } from './cancel.js';
import documents from './documents.js';
import { variablesOf } from './filters.js';
import { brief } from './format.js';
import { stateOf } from './states.js';
import { createStore } from './store.js';

/**
 * A run as the list shows it.
 *
 * @typedef {object} Row
 * @property {string} id
 * @property {string} key sorts rows, newest first
 * @property {string} state of STATES
 * @property {string} status as the runs API names it
 * @property {string | null} stopReason
 * @property {string | null} rawStopReason as the runs API names it
 * @property {string} createdAt
 * @property {string | null} completedAt
 * @property {number | null} durationNs
 * @property {string} agentId
 * @property {string} [error] the first line of what went wrong
 * @property {number} [changedAt] when it came or changed while one was looking
 */
/**
 * @typedef {object} RunList
 * @property {'loading' | 'ready' | 'failed'} state
 * @property {readonly Row[]} rows newest first
 * @property {boolean} hasMore
 * @property {boolean} isLoadingMore
 * @property {ApiError | undefined} error why the list could not be read
 * @property {ApiError | undefined} moreError why no more could be read
 * @property {ApiError | undefined} liveError why it doesn't follow changes
 */

/** The rows that are kept at most. */
export const MAX_ROWS = 10_000;
const FIRST_ROWS = 50;
const MORE_ROWS = 200;
/** Milliseconds after which an empty list is read again: what came before the gateway watched is told of by nobody. */
const AGAIN_MS = 3000;

/** @type {RunList} */
const EMPTY = {
  state: 'loading',
  rows: [],
  hasMore: false,
  isLoadingMore: false,
  error: undefined,
  moreError: undefined,
  liveError: undefined,
};
export const list = createStore(EMPTY);

/** Counts what came in and ended, for whoever tells of it. */
export const news = createStore({ added: 0, failed: 0 });

let controller = new AbortController();
/** @type {string | null} */
let endCursor = null;
/** The arguments of the list. @type {Record<string, unknown>} */
let variables = {};

/**
 * Reads a list, and follows it until another one is read.
 *
 * @param {import('./filters.js').Filters} filters
 */
export function watch(filters) {
  controller.abort();
  controller = new AbortController();
  queue = [];
  const { signal } = controller;
  list.set(EMPTY);
  /** @type {string | null | undefined} */
  let after;
  const work = async (/** @type {AbortSignal} */ ended, /** @type {() => void} */ onLive) => {
    if (after === undefined) {
      variables = variablesOf(filters, Date.now());
      after = await readFirst(ended);
      onLive();
    }
    if (after === null) setTimeout(() => void readAgain(signal).catch(() => {}), AGAIN_MS);
    for await (const { data, errors } of subscribe(
      documents.runEvents,
      { ...variables, after },
      ended,
      onLive,
    )) {
      const [error] = errors;
      if (error !== undefined) {
        after = error.extensions?.cursor ?? after;
        // Too much has changed, or the run at the cursor is gone: the list is read anew.
        const isLost = /^(?:CURSOR_TOO_OLD|INVALID_CURSOR)$/.test(error.extensions?.code ?? '');
        if (isLost) after = undefined;
        throw new ApiError(
          isLost ? { ...error, extensions: { ...error.extensions, retryable: true } } : error,
        );
      }
      after = data.runEvents.cursor;
      enqueue(data.runEvents);
    }
  };
  stayConnected(work, signal).catch((error) => {
    const { state } = list.get();
    list.set(state === 'ready' ? { liveError: error } : { state: 'failed', error });
  });
}

/** @param {AbortSignal} signal @returns {Promise<string | null>} where changes begin */
async function readFirst(signal) {
  try {
    const { nodes, pageInfo } = await queryField(
      documents.runs,
      { ...variables, first: FIRST_ROWS, withNames: true },
      'runs',
      signal,
    );
    const rows = nodes.map(rowOf);
    endCursor = pageInfo.endCursor;
    list.set({ ...EMPTY, state: 'ready', rows, hasMore: pageInfo.hasNextPage });
    void readFailures(rows, null, signal);
    return pageInfo.startCursor;
  } catch (error) {
    if (!isUnfinished(error)) throw error;
    endCursor = error.cursor ?? null;
    list.set({ ...EMPTY, state: 'ready', hasMore: true, moreError: error });
    return null;
  }
}

/** Reads a list again that was empty. @param {AbortSignal} signal */
async function readAgain(signal) {
  const { rows, hasMore } = list.get();
  if (rows.length === 0 && !hasMore) await readFirst(signal);
}

/** Reads the next rows. */
export async function readMore() {
  const { signal } = controller;
  const { isLoadingMore, hasMore, rows } = list.get();
  if (isLoadingMore || !hasMore || rows.length >= MAX_ROWS) return;
  list.set({ isLoadingMore: true, moreError: undefined });
  try {
    const after = endCursor;
    const first = Math.min(MORE_ROWS, MAX_ROWS - rows.length);
    const { nodes, pageInfo } = await queryField(
      documents.runs,
      { ...variables, first, after },
      'runs',
      signal,
    );
    const known = new Set(
      list
        .get()
        .rows.slice(-MORE_ROWS)
        .map(({ id }) => id),
    );
    const more = nodes.map(rowOf).filter((/** @type {Row} */ { id }) => !known.has(id));
    endCursor = pageInfo.endCursor ?? endCursor;
    list.set({ rows: [...list.get().rows, ...more], hasMore: pageInfo.hasNextPage, isLoadingMore: false });
    void readFailures(more, after, signal);
  } catch (error) {
    if (signal.aborted) return;
    const moreError = asApiError(error);
    if (isUnfinished(error)) endCursor = error.cursor ?? endCursor;
    list.set({ isLoadingMore: false, moreError });
  }
}

/**
 * Whether a page would have taken more rows than the gateway reads at once. It can go on where it stopped.
 *
 * @param {unknown} error
 * @returns {error is ApiError}
 */
export function isUnfinished(error) {
  return error instanceof ApiError && error.code === 'SCAN_BUDGET_EXCEEDED' && error.cursor !== undefined;
}

/**
 * Reads why runs of a page failed: a second, small request, because metadata may be long.
 *
 * @param {readonly Row[]} rows of the page
 * @param {string | null} after where the page begins
 * @param {AbortSignal} signal
 */
async function readFailures(rows, after, signal) {
  const first = rows.filter(({ state }) => state === 'FAILED').length;
  if (first === 0) return;
  const failures = {
    ...variables,
    first,
    after,
    active: undefined,
    statuses: ['FAILED'],
    withMetadata: true,
  };
  // Without it the rows say less, and that is all.
  const { data } = await query(documents.runs, failures, { signal }).catch(() => ({ data: null }));
  if (!data?.runs || signal.aborted) return;
  /** @type {Map<string, any>} */
  const byId = new Map(data.runs.nodes.map((/** @type {any} */ run) => [run.id, run]));
  list.set({
    rows: list.get().rows.map((row) => {
      const error = row.error === undefined && errorIn(byId.get(row.id)?.metadata);
      return error ? { ...row, error } : row;
    }),
  });
}

/**
 * What went wrong, as Letta keeps it in the metadata of a run: a text, or an object with one.
 *
 * @param {any} metadata
 * @returns {string | undefined} its first line
 */
function errorIn(metadata) {
  const error = metadata?.error;
  const text = typeof error === 'object' && error !== null ? (error.detail ?? error.message) : error;
  return typeof text === 'string' ? brief(text.trim().split('\n', 1)[0] ?? '', 300) : undefined;
}

/** @param {any} run @returns {Row} */
export function rowOf(run) {
  const {
    id,
    status,
    rawStatus,
    stopReason,
    rawStopReason,
    createdAt,
    completedAt,
    agentId,
    agent,
    metadata,
  } = run;
  if (agent) knowAgent(agentId, agent.name);
  const error = errorIn(metadata);
  // Instants have as many digits as they need.
  const [second = '', fraction = ''] = createdAt.replace('Z', '').split('.');
  return {
    id,
    key: `${second}.${fraction.padEnd(9, '0')} ${id}`,
    state: stateOf(run),
    status: rawStatus ?? status,
    stopReason,
    rawStopReason,
    createdAt,
    completedAt,
    durationNs: run.totalDurationNs,
    agentId,
    ...(error !== undefined && { error }),
  };
}

/** Events that come in the same frame are shown at once. @type {any[]} */
let queue = [];

/** @param {{ kind: string, runId: string, run: any }} event */
function enqueue(event) {
  queue.push(event);
  // Timers run in hidden pages, too.
  if (queue.length === 1) setTimeout(applyEvents, 50);
}

function applyEvents() {
  let rows = [...list.get().rows];
  let { added, failed } = news.get();
  const changedAt = Date.now();
  for (const { kind, runId, run } of queue) {
    if (kind === 'REMOVED' || run === null) {
      rows = rows.filter(({ id }) => id !== runId);
      continue;
    }
    const row = { ...rowOf(run), changedAt };
    const index = indexOf(rows, row.key);
    const known = rows[index];
    if (known?.id === row.id) {
      rows[index] = { ...row, ...(known.state === row.state && { changedAt: known.changedAt ?? 0 }) };
      if (known.state !== row.state && row.state === 'FAILED') failed += 1;
    } else if (index < rows.length || !list.get().hasMore) {
      // Older ones than what was read are read in their turn.
      rows.splice(index, 0, row);
      added += 1;
    }
    sawRun(row);
  }
  queue = [];
  list.set({ rows, ...(rows.length > MAX_ROWS && { rows: rows.slice(0, MAX_ROWS), hasMore: true }) });
  news.set({ added, failed });
}

/**
 * Where a row is, or belongs.
 *
 * @param {readonly Row[]} rows
 * @param {string} key
 */
function indexOf(rows, key) {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.key ?? '') > key) low = middle + 1;
    else high = middle;
  }
  return low;
}
