import type { Observation } from '../polls/observation.ts';
import { encodeSnapshot } from '../snapshots/cursor.ts';
import { compareBounds, fingerprintIn, isAfter, replaced, type Snapshot } from '../snapshots/snapshot.ts';
import { positionOf, type Run } from '../watched-run.ts';
import type { Change } from './changes.ts';

/** An event of a list, for any number of watchers. */
export class ListEvent {
  readonly kind: Change['kind'];
  readonly id: string;
  readonly run: Run | null;
  readonly #batch: Batch;
  readonly #index: number;

  constructor({ kind, id, run }: Change, index: number, batch: Batch) {
    this.kind = kind;
    this.id = id;
    this.run = run;
    this.#batch = batch;
    this.#index = index;
  }

  /** For going on right after it. */
  get cursor(): string {
    return this.#batch.cursorAfter(this.#index + 1);
  }

  /** For receiving it again. */
  get cursorBefore(): string {
    return this.#batch.cursorAfter(this.#index);
  }
}

export interface BatchOptions {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly changes: readonly Change[];
  readonly observation: Observation;
  readonly filterKey: string;
}

/** The events that lead from one snapshot to another. Snapshots between them are made when they are asked for. */
export class Batch {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly events: readonly ListEvent[];
  readonly #options: BatchOptions;
  /** After each event but the last one. */
  readonly #between: Snapshot[] = [];
  #nextRow = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.from = withPending(options.from, options.changes);
    this.to = options.to;
    this.events = options.changes.map((change, index) => new ListEvent(change, index, this));
  }

  /** Returns what has been seen after so many events. */
  snapshotAfter(count: number): Snapshot {
    if (count === this.events.length) return this.to;
    const made = this.#between;
    for (const change of this.#options.changes.slice(made.length, count)) {
      made.push(this.#snapshotWith(change, made.at(-1) ?? this.from));
    }
    return made[count - 1] ?? this.from;
  }

  cursorAfter(count: number): string {
    return encodeSnapshot(this.snapshotAfter(count), this.#options.filterKey);
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
