import type { RunStore } from '../store/store.ts';

/** One change of the store, at a time in microseconds since the epoch. */
export interface Happening {
  readonly at: number;
  readonly apply: (store: RunStore) => void;
  /** Set for the change with which a run ends; what follows is its callback. */
  readonly isEnd?: true;
}
