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

/** What a reader has received in the middle of a batch. */
interface Progress {
  /** The events, and the rows up to the run of the last event, that the reader has received. */
  readonly eventCount: number;
  readonly rowCount: number;
  readonly snapshot: Snapshot;
}

/** Bytes of memory for a row without its fields, and for an event besides its run. */
const BYTES_PER_ROW = 100;
/** How many progresses are kept. Readers of a batch may be at different events, and each continues from a progress. */
const MAX_PROGRESSES = 8;

/** Creates the events for some changes. Snapshots and cursors between two events are made when they are needed. */
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
  // A cursor between two events has a digest of the active runs that both snapshots watch. As the newest thousand change,
  // the oldest of these are in one of the snapshots only.
  const watchedFrom = compareBounds(from.watchedFrom, to.watchedFrom) > 0 ? from.watchedFrom : to.watchedFrom;
  const start: Progress = { eventCount: 0, rowCount: 0, snapshot: from };
  /** The progresses in the order of their last use. */
  let progresses: readonly Progress[] = [];

  /** Up to the run of the last event, the snapshot has the current state of all runs; beyond it, the state before. */
  const goOn = ({ snapshot, ...before }: Progress, eventCount: number): Progress => {
    const fingerprints = new Map(snapshot.fingerprints);
    let { watermark } = snapshot;
    let { rowCount } = before;
    const receive = (id: string): void => {
      const fingerprint = to.fingerprints.get(id);
      if (fingerprint === undefined) fingerprints.delete(id);
      else fingerprints.set(id, fingerprint);
    };
    for (const { id, run } of changes.slice(before.eventCount, eventCount)) {
      receive(id);
      if (run === null || !rowIds.has(id)) continue;
      const position = positionOf(run);
      for (let row = rows[rowCount]; row && isUpTo(row.position, position); row = rows[++rowCount])
        receive(row.id);
      const [lower = null] = [position, to.watermark].toSorted(compareBounds);
      if (compareBounds(lower, watermark) > 0) watermark = lower;
    }
    return { eventCount, rowCount, snapshot: { watermark, watchedFrom, fingerprints } };
  };
  const snapshotAfter = (count: number): Snapshot => {
    if (count === 0) return from;
    if (count === changes.length) return to;
    const behind = progresses.filter(({ eventCount }) => eventCount <= count);
    const nearest = behind.toSorted((a, b) => b.eventCount - a.eventCount)[0] ?? start;
    const reached = nearest.eventCount === count ? nearest : goOn(nearest, count);
    progresses = [...progresses.filter((each) => each !== nearest), reached].slice(-MAX_PROGRESSES);
    return reached.snapshot;
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
