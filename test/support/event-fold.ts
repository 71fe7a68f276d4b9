import { expect } from 'vitest';
import type { ListEvent } from '../../src/live/index.ts';
import type { Run } from '../../src/runs/run.ts';

/** What is compared of a run. */
export function stateOf({ status, stopReason, metadata, totalDurationNs }: Run): unknown {
  return [status, stopReason, metadata, totalDurationNs];
}

/** Folds events into the list that they tell of, and insists that each of them is news, of the right kind. */
export function createFold(start: readonly Run[]) {
  const list = new Map(start.map((run) => [run.id, stateOf(run)]));
  return {
    list,
    apply({ kind, id, run }: ListEvent): void {
      if (kind === 'ADDED') expect(list.has(id), `${id} was added twice`).toBe(false);
      else expect(list.has(id), `${id} was ${kind} before it was added`).toBe(true);
      if (kind === 'REMOVED') return void list.delete(id);
      const state = run === null ? undefined : stateOf(run);
      expect(state, `${id} was told twice`).not.toEqual(list.get(id));
      list.set(id, state);
    },
  };
}
