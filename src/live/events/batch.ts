import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import type { Observation } from '../polls/observation.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import { compareBounds, fingerprintIn, isAfter, replaced, type Snapshot } from '../snapshots/snapshot.ts';
import type { Change } from './changes.ts';

/** An event of a list, for any number of watchers. */
export class ListEvent {
  readonly kind: Change['kind'];
  readonly id: string;
  readonly run: Run | null;
  /** What has been seen with it. */
  readonly snapshot: Snapshot;
  readonly #before: Snapshot;
  readonly #filterKey: string;

  constructor({ kind, id, run }: Change, before: Snapshot, snapshot: Snapshot, filterKey: string) {
    this.kind = kind;
    this.id = id;
    this.run = run;
    this.snapshot = snapshot;
    this.#before = before;
    this.#filterKey = filterKey;
  }

  /** For going on right after it. */
  get cursor(): string {
    return encodeSnapshot(this.snapshot, this.#filterKey);
  }

  /** For receiving it again. */
  get cursorBefore(): string {
    return encodeSnapshot(this.#before, this.#filterKey);
  }
}

export interface BatchOptions {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly changes: readonly Change[];
  readonly observation: Observation;
  readonly filterKey: string;
}

/**
 * The events that lead from one snapshot to another. They are made as the first watcher comes to them, each
 * with exactly what has been seen by then.
 */
export class Batch {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly #options: BatchOptions;
  readonly #events: ListEvent[] = [];
  #nextRow = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.from = withPending(options.from, options.changes);
    this.to = options.to;
  }

  get size(): number {
    return this.#options.changes.length;
  }

  event(index: number): ListEvent {
    const made = this.#events;
    for (const change of this.#options.changes.slice(made.length, index + 1)) {
      const before = this.snapshotAfter(made.length);
      const snapshot = made.length === this.size - 1 ? this.to : this.#snapshotWith(change, before);
      made.push(new ListEvent(change, before, snapshot, this.#options.filterKey));
    }
    const event = made[index];
    if (event === undefined) throw new RangeError(`There is no event ${index}`);
    return event;
  }

  /** Returns what has been seen after so many events. */
  snapshotAfter(count: number): Snapshot {
    if (count === 0) return this.from;
    return count >= this.size ? this.to : this.event(count - 1).snapshot;
  }

  /**
   * Up to the run of a change, the latest of all runs; beyond it, and so of runs with a change that is still
   * to come, what was seen before.
   */
  #snapshotWith({ id, run }: Change, { start, watermark, known, slow }: Snapshot): Snapshot {
    const { to, observation } = this.#options;
    const { rows, byId } = observation;
    if (run === null || !byId.has(id)) {
      return { start, watermark, known: replaced(known, [id], NONE), slow: replaced(slow, [id], NONE) };
    }
    const position = positionOf(run);
    const ids: string[] = [];
    for (let row = rows[this.#nextRow]; row && !isAfter(row, position); row = rows[++this.#nextRow]) {
      ids.push(row.id);
    }
    const reached = compareBounds(position, to.watermark) <= 0 ? position : to.watermark;
    return {
      start,
      watermark: compareBounds(watermark, reached) >= 0 ? watermark : reached,
      known: replaced(known, ids, to.known),
      slow: replaced(slow, ids, to.slow),
    };
  }
}

const NONE = new Map<string, never>();

/**
 * Runs that go on, or are old and have not ended, were not known. A watcher that hasn't read that yet must
 * still learn what becomes of them.
 */
function withPending(from: Snapshot, changes: readonly Change[]): Snapshot {
  const pending = changes.filter(
    ({ id, run }) => run !== null && fingerprintIn(from, id) === undefined && !isAfter(run, from.watermark),
  );
  if (pending.length === 0) return from;
  return {
    ...from,
    known: new Map([...from.known, ...pending.map(({ id, before }) => [id, before] as const)]),
  };
}
