import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/run.ts';
import { digested } from '../digests.ts';
import type { Change, Findings } from './changes.ts';
import { encodeSnapshot } from './resume-cursor.ts';
import { compareBounds, type Snapshot } from './snapshot.ts';

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
  /** Estimated bytes of memory. */
  readonly bytes: number;
  /** Returns what a reader has received after so many events. */
  readonly snapshotAfter: (count: number) => Snapshot;
}

/** Bytes of memory for a row without its fields, and for an event besides its run. */
const BYTES_PER_ROW = 100;
/** Snapshots between two events that are kept, for readers that are at the same events. */
const MAX_BETWEEN = 8;

export function createBatch(
  from: Snapshot,
  to: Snapshot,
  changes: readonly Change[],
  findings: Findings,
  listKey: string,
): Batch {
  /** All rows in their order, without their fields. */
  const rows = findings.rows.map((run) => ({ id: run.id, position: positionOf(run) }));
  const rowIds = new Set(rows.map(({ id }) => id));
  const between = new Map<number, Snapshot>();
  /** Runs before either bound are no news, whichever of them a reader has received. */
  const watchedFrom = compareBounds(from.watchedFrom, to.watchedFrom) > 0 ? from.watchedFrom : to.watchedFrom;

  /** Up to the run of the last change, the snapshot has the current state; beyond it, the state before. */
  const snapshotWith = (received: readonly Change[]): Snapshot => {
    const fingerprints = new Map(from.fingerprints);
    let { watermark } = from;
    let nextRow = 0;
    for (const { id, run } of received) {
      const ids = [id];
      if (run !== null && rowIds.has(id)) {
        const position = positionOf(run);
        for (let row = rows[nextRow]; row && isUpTo(row.position, position); row = rows[++nextRow])
          ids.push(row.id);
        const [lower = null] = [position, to.watermark].toSorted(compareBounds);
        if (compareBounds(lower, watermark) > 0) watermark = lower;
      }
      for (const each of ids) {
        const fingerprint = to.fingerprints.get(each);
        if (fingerprint === undefined) fingerprints.delete(each);
        else fingerprints.set(each, fingerprint);
      }
    }
    return { watermark, watchedFrom, fingerprints };
  };
  const snapshotAfter = (count: number): Snapshot => {
    if (count === 0) return from;
    if (count === changes.length) return to;
    const snapshot = between.get(count) ?? snapshotWith(changes.slice(0, count));
    between.set(count, snapshot);
    const [oldest = count] = between.keys();
    if (between.size > MAX_BETWEEN) between.delete(oldest);
    return snapshot;
  };
  const events = changes.map(
    (change, index) =>
      new ListEvent(change, (count) => encodeSnapshot(snapshotAfter(index + count), listKey)),
  );
  const ofRuns = changes.reduce((sum, { run }) => sum + (run === null ? 0 : digested(run).bytes), 0);
  return { events, bytes: ofRuns + (rows.length + changes.length) * BYTES_PER_ROW, snapshotAfter };
}

function isUpTo(position: Position, last: Position): boolean {
  return comparePositions(position, last) <= 0;
}
