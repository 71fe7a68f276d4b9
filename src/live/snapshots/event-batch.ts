import { positionOf } from '../../runs/run.ts';
import type { Change, Findings } from './changes.ts';
import { encodeSnapshot } from './resume-cursor.ts';
import { compareBounds, isAfter, type Snapshot } from './snapshot.ts';

/** An event of a list, for any number of readers. */
export class ListEvent {
  readonly change: Change;
  readonly #cursorAfter: (count: number) => string;

  /** @param cursorAfter returns the cursor after this event (1), or ahead of it (0) */
  constructor(change: Change, cursorAfter: (count: number) => string) {
    this.change = change;
    this.#cursorAfter = cursorAfter;
  }

  /** The cursor to go on from right after this event. */
  get cursor(): string {
    return this.#cursorAfter(1);
  }

  /** The cursor to receive this event again. */
  get cursorBefore(): string {
    return this.#cursorAfter(0);
  }
}

/** The events that lead from one snapshot to another. */
export interface Batch {
  readonly events: readonly ListEvent[];
  /** Returns what a reader has received after so many events. */
  readonly snapshotAfter: (count: number) => Snapshot;
}

export function createBatch(
  from: Snapshot,
  to: Snapshot,
  changes: readonly Change[],
  { rows, byId }: Findings,
  listKey: string,
): Batch {
  /** The snapshots after each event but the last one, made as they are needed. */
  const between: Snapshot[] = [];
  /** Runs before either floor are no news, whichever of them a reader has received. */
  const floor = compareBounds(from.floor, to.floor) > 0 ? from.floor : to.floor;
  let nextRow = 0;

  /** Up to the run of the change, the snapshot has the current state; beyond it, the state before. */
  const snapshotWith = ({ id, run }: Change, { watermark, fingerprints }: Snapshot): Snapshot => {
    const ids = [id];
    let reached = watermark;
    if (run !== null && byId.has(id)) {
      const position = positionOf(run);
      for (let row = rows[nextRow]; row && !isAfter(row, position); row = rows[++nextRow]) ids.push(row.id);
      const [lower = null] = [position, to.watermark].toSorted(compareBounds);
      if (compareBounds(lower, watermark) > 0) reached = lower;
    }
    const next = new Map(fingerprints);
    for (const each of ids) {
      const fingerprint = to.fingerprints.get(each);
      if (fingerprint === undefined) next.delete(each);
      else next.set(each, fingerprint);
    }
    return { watermark: reached, floor, fingerprints: next };
  };
  const snapshotAfter = (count: number): Snapshot => {
    if (count === changes.length) return to;
    for (const change of changes.slice(between.length, count)) {
      between.push(snapshotWith(change, between.at(-1) ?? from));
    }
    return between[count - 1] ?? from;
  };
  const events = changes.map(
    (change, index) =>
      new ListEvent(change, (count) => encodeSnapshot(snapshotAfter(index + count), listKey)),
  );
  return { events, snapshotAfter };
}
