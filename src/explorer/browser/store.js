// State that several components share, and that outlives them.

import { useEffect, useState } from './dom.js';

/**
 * @template State
 * @typedef {object} Store
 * @property {() => State} get
 * @property {(change: Partial<State>) => void} set merges a change into the state
 * @property {(listener: () => void) => () => void} subscribe returns what ends it
 */

/**
 * @template {object} State
 * @param {State} initial
 * @returns {Store<State>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const listeners = new Set();
  return {
    get: () => state,
    set(change) {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The state of a store; the component is rendered again when it changes.
 *
 * @template {object} State
 * @param {Store<State>} store
 * @returns {State}
 */
export function useStore(store) {
  const [, render] = useState(store.get());
  useEffect(() => {
    render(store.get());
    return store.subscribe(() => render(store.get()));
  }, [store]);
  return store.get();
}
