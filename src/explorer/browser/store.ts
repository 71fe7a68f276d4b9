import { useEffect, useState } from './preact.ts';

export type Store<State extends object> = ReturnType<typeof createStore<State>>;

/** Creates state that several components share, and that outlives them. */
export function createStore<State extends object>(initial: State) {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    /** Merges a change into the state. */
    set(change: Partial<State>): void {
      state = { ...state, ...change };
      for (const listener of listeners) listener();
    },
    /** Returns a function that ends the subscription. */
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * A part of the state of a store; the component is rendered again when this part changes.
 *
 * @param select returns a text, a number, or an object that stays the same until it changes
 */
export function useStore<State extends object, Part>(
  store: Store<State>,
  select: (state: State) => Part,
): Part {
  const [, setPart] = useState<Part>(() => select(store.get()));
  useEffect(() => {
    const update = (): void => setPart(() => select(store.get()));
    update();
    return store.subscribe(update);
  });
  return select(store.get());
}
