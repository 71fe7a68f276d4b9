import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Observation } from '../polls/observation.ts';
import {
  isSameFingerprint,
  type Snapshot,
  type Fingerprint,
  fingerprintIn,
  type Fingerprints,
} from '../snapshots/snapshot.ts';
import { assumedOf, type Change, type Membership } from './changes.ts';
import { ListEvent } from './list-event.ts';

export interface BatchOptions {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly changes: readonly Change[];
  readonly observation: Observation;
  readonly membership: Membership;
  readonly key: string;
}

/**
 * The events that lead from what was seen before a poll to what was seen after it. They are made as the
 * first watcher comes to them, each with what exactly was seen by then.
 */
export class Batch {
  readonly from: Snapshot;
  readonly to: Snapshot;
  readonly #options: BatchOptions;
  readonly #events: ListEvent[] = [];
  /** After the last event that was made. */
  #snapshot: Snapshot;
  #nextRow = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#snapshot = this.from = withPending(options);
    this.to = options.to;
  }

  get size(): number {
    return this.#options.changes.length;
  }

  event(index: number): ListEvent {
    const { changes, key } = this.#options;
    while (this.#events.length <= index) {
      const change = changes[this.#events.length];
      if (change === undefined) throw new RangeError(`There is no event ${index}`);
      const isLast = this.#events.length === changes.length - 1;
      const before = this.#snapshot;
      this.#snapshot = isLast ? this.to : this.#snapshotWith(change);
      this.#events.push(new ListEvent(change, before, this.#snapshot, key));
    }
    // oxlint-disable-next-line typescript/no-non-null-assertion -- Made above.
    return this.#events[index]!;
  }

  /** Returns what has been seen after so many events. */
  snapshotAfter(count: number): Snapshot {
    if (count === 0) return this.from;
    return count >= this.size ? this.to : this.event(count - 1).snapshot;
  }

  /**
   * Up to the run of a change, what the observation has of all runs; beyond it, and so of runs with a
   * change that is still to come, what was seen before.
   */
  #snapshotWith({ id, run }: Change): Snapshot {
    const { to, observation } = this.#options;
    const known = new Map(this.#snapshot.known);
    const slow = new LazyCopy(this.#snapshot.slow);
    const { start, watermark } = this.#snapshot;
    if (run === null || !observation.byId.has(id)) {
      known.delete(id);
      slow.set(id, undefined);
      return { start, watermark, known, slow: slow.result };
    }
    const position = positionOf(run);
    const { rows } = observation;
    for (; this.#nextRow < rows.length; this.#nextRow++) {
      const row = rows[this.#nextRow];
      if (row === undefined || comparePositions(positionOf(row), position) > 0) break;
      const fingerprint = to.known.get(row.id);
      if (fingerprint === undefined) known.delete(row.id);
      else known.set(row.id, fingerprint);
      slow.set(row.id, to.slow.get(row.id));
    }
    const reached = to.watermark === null ? null : earlier(position, to.watermark);
    return { start, watermark: later(watermark, reached), known, slow: slow.result };
  }
}

/** Fingerprints that are copied when one of them changes. */
class LazyCopy {
  readonly #original: Fingerprints;
  #copy: Map<string, Fingerprint> | undefined;

  constructor(original: Fingerprints) {
    this.#original = original;
  }

  get result(): Fingerprints {
    return this.#copy ?? this.#original;
  }

  /** @param fingerprint undefined for none */
  set(id: string, fingerprint: Fingerprint | undefined): void {
    if (isSameFingerprint(this.result.get(id), fingerprint)) return;
    this.#copy ??= new Map(this.#original);
    if (fingerprint === undefined) this.#copy.delete(id);
    else this.#copy.set(id, fingerprint);
  }
}

/**
 * Runs that go on, or are old and have not ended, were not known. A watcher that hasn't read that yet must
 * still be told what becomes of them.
 */
function withPending({ from, changes, observation, membership }: BatchOptions): Snapshot {
  const pending = changes.flatMap(({ id, run }) => {
    if (run === null || !observation.byId.has(id) || fingerprintIn(from, id) !== undefined) return [];
    if (from.watermark === null || comparePositions(positionOf(run), from.watermark) > 0) return [];
    const assumed = assumedOf(run, from, observation, membership);
    return assumed === undefined ? [] : [[id, assumed] as const];
  });
  return pending.length === 0 ? from : { ...from, known: new Map([...from.known, ...pending]) };
}

function earlier(a: Position, b: Position): Position {
  return comparePositions(a, b) <= 0 ? a : b;
}

/** Null is before all. */
function later(a: Position | null, b: Position | null): Position | null {
  if (a === null || b === null) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
