import { comparePositions, type Position } from '../pagination/position.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import { type Change, isAfter, type IsShown, sightingOf } from './changes.ts';
import { ListEvent } from './list-event.ts';
import type { Observation } from './observe.ts';
import { decodeSeen } from './seen-cursor.ts';
import { type Seen, type Sighting, UNKNOWN } from './seen.ts';

export interface BatchOptions {
  readonly from: Seen;
  readonly to: Seen;
  readonly changes: readonly Change[];
  readonly observation: Observation;
  readonly isShown: IsShown;
  readonly key: string;
}

/**
 * The events that lead from what was seen before a poll to what was seen after it. They are made as the
 * first watcher comes to them, each with a cursor that says exactly what was seen by then.
 */
export class Batch {
  readonly from: Seen;
  readonly to: Seen;
  readonly #options: BatchOptions;
  readonly #events: ListEvent[] = [];
  /** After the last event that was made. */
  #seen: Seen;
  #nextRow = 0;

  constructor(options: BatchOptions) {
    this.#options = options;
    this.#seen = this.from = withPending(options);
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
      const before = this.#seen;
      this.#seen = isLast ? this.to : this.#seenWith(change);
      this.#events.push(new ListEvent(change, before, this.#seen, key));
    }
    // oxlint-disable-next-line typescript/no-non-null-assertion -- Made above.
    return this.#events[index]!;
  }

  /** Returns what has been seen after so many events. */
  seenAfter(count: number): Seen {
    if (count === 0) return this.from;
    if (count >= this.size) return this.to;
    const seen = decodeSeen(this.event(count - 1).cursor, this.#options.key);
    if (typeof seen === 'string') throw new Error(`A cursor of its own is ${seen}`);
    return seen;
  }

  /**
   * Up to the run of a change, what the observation has of all runs; beyond it, and so of runs with a
   * change that is still to come, what was seen before.
   */
  #seenWith({ id, run }: Change): Seen {
    const { to, observation } = this.#options;
    const known = new Map(this.#seen.known);
    if (run === null || !observation.byId.has(id)) {
      known.delete(id);
      return { settled: this.#seen.settled, known };
    }
    const position = positionOf(run);
    const { rows } = observation;
    for (; this.#nextRow < rows.length; this.#nextRow++) {
      const row = rows[this.#nextRow];
      if (row === undefined || comparePositions(positionOf(row), position) > 0) break;
      this.#remember(known, row);
    }
    const reached = to.settled === null ? null : earlier(position, to.settled);
    return { settled: later(this.#seen.settled, reached), known };
  }

  #remember(known: Map<string, Sighting>, row: Run): void {
    const { to, isShown } = this.#options;
    const sighting = to.known.get(row.id);
    if (sighting !== undefined) known.set(row.id, sighting);
    else if (isAfter(row, to.settled)) known.set(row.id, sightingOf(row, isShown));
    else known.delete(row.id);
  }
}

/**
 * Runs that had ended and go on were not known any more. Whoever hasn't read that must still be told what
 * becomes of them.
 */
function withPending({ from, changes, observation }: BatchOptions): Seen {
  const pending = changes.filter(({ id, run }) => {
    return run !== null && observation.byId.has(id) && !from.known.has(id) && !isAfter(run, from.settled);
  });
  if (pending.length === 0) return from;
  return { ...from, known: new Map([...from.known, ...pending.map(({ id }) => [id, UNKNOWN] as const)]) };
}

function earlier(a: Position, b: Position): Position {
  return comparePositions(a, b) <= 0 ? a : b;
}

/** Null is before all. */
function later(a: Position | null, b: Position | null): Position | null {
  if (a === null || b === null) return a ?? b;
  return comparePositions(a, b) >= 0 ? a : b;
}
