// Reads a run with its steps and messages, and keeps them as they are now.

import { ApiError, asApiError, query, stayConnected, subscribe } from '../../api.js';
import documents from '../../documents.js';
import { isActive, stateOf } from '../../states.js';
import { createStore } from '../../store.js';

/** @typedef {import('../../api.js').AnswerError} AnswerError */

/**
 * @typedef {object} Items the end of a list, oldest first
 * @property {readonly any[] | undefined} nodes undefined until they are loaded
 * @property {boolean} hasEarlier
 * @property {string | null} start the cursor of the first node
 * @property {ApiError | undefined} error why they could not be read
 * @property {AnswerError | undefined} partial why something in them could not be read
 */
/**
 * @typedef {object} RunState
 * @property {any} run undefined until it is loaded, null if there is none
 * @property {readonly AnswerError[]} errors of single fields of the run
 * @property {ApiError | undefined} error why it could not be read, or is not followed any more
 * @property {Items} steps
 * @property {Items} messages
 */

/** What is asked for each part of the page: others of the document's selections are left out. */
const PARTS = {
  run: { withSteps: false, withMessages: false },
  steps: { withRun: false, withMessages: false },
  messages: { withRun: false, withSteps: false },
};
/** Steps and messages cause no events, so they are read again this often while a run goes on. */
const REFRESH_MS = 3000;
/** How many of the newest are read again: each step takes a request of its own for its times. */
const REFRESHED = { steps: 3, messages: 50 };
/** An ended run may lack its duration for a moment. */
const SETTLING_MS = 60_000;

/** @type {Items} */
const NONE = { nodes: undefined, hasEarlier: false, start: null, error: undefined, partial: undefined };

/** @param {string} id */
export function openRun(id) {
  /** @type {RunState} */
  const initial = { run: undefined, errors: [], error: undefined, steps: NONE, messages: NONE };
  const store = createStore(initial);

  /** @param {AbortSignal} signal */
  async function loadRun(signal) {
    const { data, errors } = await query(documents.run, { id, ...PARTS.run }, { signal });
    const [own] = errors.filter(({ path = [] }) => path.length < 2);
    if (data.run === null && own !== undefined) throw new ApiError(own);
    store.set({ run: data.run, errors, error: undefined });
  }

  /**
   * @param {'steps' | 'messages'} name
   * @param {object} variables which of them
   * @param {(before: Items, read: Items) => Items} merge
   * @param {AbortSignal} [signal]
   */
  async function loadItems(name, variables, merge, signal) {
    try {
      const { data, errors } = await query(
        documents.run,
        { id, ...PARTS[name], ...variables },
        signal && { signal },
      );
      const page = data.run?.[name];
      const [partial] = errors;
      if (!page) throw new ApiError(partial ?? { message: 'This run no longer exists.' });
      const { hasPreviousPage: hasEarlier, startCursor: start } = page.pageInfo;
      store.set({
        [name]: merge(store.get()[name], { ...NONE, nodes: page.nodes, hasEarlier, start, partial }),
      });
    } catch (error) {
      if (!signal?.aborted) store.set({ [name]: { ...store.get()[name], error: asApiError(error) } });
    }
  }

  /** @param {AbortSignal} [signal] @param {object} [sizes] */
  const loadAll = async (signal, sizes = {}) => {
    const names = /** @type {const} */ (['steps', 'messages']);
    await Promise.all(names.map((name) => loadItems(name, sizes, joinEnd, signal)));
  };

  let isRefreshing = false;
  /** @param {AbortSignal} signal */
  async function refresh(signal) {
    if (isRefreshing) return;
    isRefreshing = true;
    try {
      await Promise.all([loadRun(signal), loadAll(signal, REFRESHED)]);
    } finally {
      isRefreshing = false;
    }
  }

  /**
   * Shows the run as it is, until it has ended or nobody looks at it.
   *
   * @param {AbortSignal} signal
   */
  async function follow(signal) {
    const done = new AbortController();
    try {
      await stayConnected(
        async (connected, onLive) => {
          await loadRun(connected);
          onLive();
          await loadAll(connected);
          if (!isSettled(store.get().run)) await update(connected);
          // It is as it will stay. An abort ends the attempts to stay connected.
          done.abort();
          connected.throwIfAborted();
        },
        AbortSignal.any([signal, done.signal]),
      );
    } catch (error) {
      store.set({ error: asApiError(error) });
    }
  }

  /** @param {AbortSignal} signal */
  async function update(signal) {
    const timer = setInterval(() => {
      // What fails here is noticed by the subscription, too.
      if (store.get().run?.status !== 'COMPLETED') refresh(signal).catch(() => {});
    }, REFRESH_MS);
    try {
      for await (const { data, errors } of subscribe(documents.runUpdates, { id }, signal)) {
        if (errors[0] !== undefined && !data?.runUpdates) throw new ApiError(errors[0]);
        await refresh(signal);
      }
    } finally {
      clearInterval(timer);
    }
    await loadRun(signal);
    await loadAll(signal);
  }

  return {
    store,
    follow,
    loadAll,
    /** @param {'steps' | 'messages'} name */
    loadEarlier: (name) =>
      loadItems(name, { [`${name}Before`]: store.get()[name].start }, (later, earlier) => ({
        ...earlier,
        nodes: [...(earlier.nodes ?? []), ...(later.nodes ?? [])],
      })),
    /** @param {object} changes what is known of the run besides */
    change: (changes) => store.set({ run: { ...store.get().run, ...changes } }),
  };
}

/** @typedef {ReturnType<typeof openRun>} OpenRun */

/** Whether nothing of a run will change any more. @param {any} run */
function isSettled(run) {
  if (run === null) return true;
  if (isActive(stateOf(run))) return false;
  return (
    run.totalDurationNs !== null || Date.now() - Date.parse(run.completedAt ?? run.createdAt) > SETTLING_MS
  );
}

/**
 * Puts the end of a list, as it is now, in the place of what it was.
 *
 * @param {Items} before
 * @param {Items} read
 * @returns {Items}
 */
function joinEnd(before, read) {
  const { nodes = [] } = before;
  const from = nodes.findIndex(({ id }) => id === read.nodes?.[0]?.id);
  // Nothing in common: what lies between isn't known.
  if (from < 0) return read;
  return {
    ...before,
    error: undefined,
    partial: read.partial,
    nodes: [...nodes.slice(0, from), ...(read.nodes ?? [])],
  };
}
