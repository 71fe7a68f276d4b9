import { comparePositions, type Position } from '../pagination/position.ts';
import type { Run } from '../runs/run.ts';
import type { Batch } from './batch.ts';
import { isAfter, type Membership } from './changes.ts';
import { isWatched, type Observation } from './observe.ts';
import { ANY_TAG, digestOf, type Seen, type Sighting, sightingOf } from './seen.ts';
import { sightingsOf } from './sketch.ts';

/** Known runs that are looked up at most, in one poll and for one reader. */
export const MAX_LOOK_UPS = 300;

/** One reader of the events of a list. */
export interface ListReader {
  /** What it has seen; undefined for one that has only come, and begins with what is there now. */
  seen: Seen | undefined;
  /** The events that it reads, and how many it has read of them. */
  batch: Batch | undefined;
  read: number;
}

/** Returns what a reader has seen by now. */
export function seenBy({ seen, batch, read }: ListReader): Seen | undefined {
  return batch === undefined ? seen : batch.seenAfter(read);
}

/** Returns what each of these readers has seen by now, once. */
export function basesOf(readers: Iterable<ListReader>): ReadonlySet<Seen> {
  const bases = new Set<Seen>();
  for (const reader of readers) {
    const seen = seenBy(reader);
    if (seen !== undefined) bases.add(seen);
  }
  return bases;
}

/** Undefined if there is none; null is before all. */
export function lowestOf(bases: Iterable<Seen>): Position | null | undefined {
  let lowest: Position | null | undefined;
  for (const { settled } of bases) {
    if (settled === null) return null;
    if (lowest === undefined || (lowest !== null && comparePositions(settled, lowest) < 0)) lowest = settled;
  }
  return lowest;
}

/** Whether there may be runs after what was seen that were not read. */
export function isBehind({ settled }: Seen, { floor }: Observation): boolean {
  if (floor === null) return false;
  return settled === null || comparePositions(settled, floor) < 0;
}

/** What a poll has found, and what it should have. */
export interface Findings {
  readonly observation: Observation;
  /** What became of known runs that the observation doesn't have; null if they are gone. */
  readonly ended: ReadonlyMap<string, Run | null>;
  /** Slow runs that were active when they were read last. */
  readonly slowActive: ReadonlySet<string>;
}

/** Returns known runs of which it isn't known what became of them. */
export function missingRuns({ known, slow }: Seen, findings: Findings): readonly string[] {
  const { observation, ended, slowActive } = findings;
  const { byId, isFull, hasAllActive } = observation;
  const isRead = (id: string): boolean => isFull || (hasAllActive && slowActive.has(id));
  const expected = [...known.keys(), ...slow.keys().filter(isRead)];
  return expected.filter((id) => !byId.has(id) && !ended.has(id));
}

/**
 * Returns known runs to look up. Whoever needs few comes first, so that the cursor of one reader, which
 * may be forged, neither costs others their events nor more than so many requests.
 */
export function affordable(bases: Iterable<Seen>, findings: Findings, max: number): readonly string[] {
  const ids = new Set<string>();
  const needs = [...bases]
    .map((base) => missingRuns(base, findings))
    .filter(({ length }) => length > 0 && length <= MAX_LOOK_UPS);
  for (const need of needs.toSorted((a, b) => a.length - b.length)) {
    const added = need.filter((id) => !ids.has(id));
    if (ids.size + added.length <= max) for (const id of added) ids.add(id);
  }
  return [...ids];
}

/**
 * Returns the tags that a run may have had since it was seen. Of one that is seldom read, what happened
 * meanwhile isn't known.
 */
export function tagsIn(bases: Iterable<Seen>, run: Run): readonly number[] {
  return [...bases].map(({ known, slow }) => {
    const seldom = slow.get(run.id);
    if (seldom !== undefined) return seldom.digest === digestOf(run) ? 0 : ANY_TAG;
    return known.get(run.id)?.tag ?? 0;
  });
}

/**
 * Returns what was seen with the runs of its sketch; undefined if too many of them have changed.
 *
 * @param observation a full one
 */
export function withSketchedRuns(
  seen: Seen,
  observation: Observation,
  membership: Membership,
): Seen | undefined {
  const { sketch, settled, known } = seen;
  if (sketch === undefined) return seen;
  const now = new Map<string, Sighting>();
  for (const run of observation.rows) {
    if (isAfter(run, settled)) break;
    if (!known.has(run.id) && isWatched(run, observation))
      now.set(run.id, sightingOf(run, membership.isShown(run)));
  }
  const slow = sightingsOf(sketch, now);
  return slow && { ...seen, slow, sketch: undefined };
}
