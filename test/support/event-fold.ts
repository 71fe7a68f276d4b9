import { expect } from 'vitest';
import type { ListEvent } from '../../src/live/index.ts';
import type { RunFilter } from '../../src/runs/run-filters.ts';
import type { Run } from '../../src/runs/run.ts';

/** Whether runs neither come to match later nor cease to. */
export function isFixed(filter: RunFilter): boolean {
  return Object.keys(filter).every((name) => !['statuses', 'active', 'stopReason'].includes(name));
}

/** What is compared of a run. */
export function stateOf({ status, stopReason, metadata }: Run): unknown {
  return [status, stopReason, metadata];
}

/** Folds events into the list that they tell of, and checks that none is lost and none comes twice. */
export function createFold(start: readonly Run[]) {
  const list = new Map(start.map((run) => [run.id, stateOf(run)]));
  return {
    list,
    apply({ kind, id, run }: ListEvent, isStrict: boolean): void {
      if (kind === 'ADDED') expect(list.has(id), `${id} was added twice`).toBe(false);
      else if (isStrict) expect(list.has(id), `${id} was ${kind} before it was added`).toBe(true);
      if (kind === 'REMOVED') return void list.delete(id);
      const state = run === null ? undefined : stateOf(run);
      expect(state, `${id} was told twice`).not.toEqual(list.get(id));
      list.set(id, state);
    },
  };
}
