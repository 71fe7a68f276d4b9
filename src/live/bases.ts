import { comparePositions, type Position } from '../lists/position.ts';
import type { Run } from '../runs/run.ts';
import type { Batch } from './batch.ts';
import { type Bill, MAX_LOOK_UP_REQUESTS } from './bill.ts';
import { isAfter, type Membership } from './changes.ts';
import { decodeRuns } from './coded-runs.ts';
import { isWatched, type Observation } from './observe.ts';
import { digestOf, type Seen, type Sighting, sightingIn, sightingOf } from './seen.ts';
import { isCompact, sightingsOf } from './sketch.ts';

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
 * Returns the requests that it takes to look up runs: two each, which count as one for those that the
 * poller knows itself, since no cursor has named them. Those are `free`.
 */
export function lookUpCost(ids: readonly string[], own: Seen | undefined) {
  const free = ids.filter((id) => own && sightingIn(own, id)).length;
  return { requests: 2 * ids.length - free, free };
}

/**
 * Returns known runs to look up, as far as they are paid. Whoever needs few comes first, so that the cursor
 * of one reader, which may be forged, costs others no events.
 *
 * @param own what the poller knows itself
 */
export async function affordable(
  bases: Iterable<Seen>,
  findings: Findings,
  own: Seen | undefined,
  bill: Bill,
): Promise<readonly string[]> {
  const ids = new Set<string>();
  const needs = [...bases]
    .map((base) => missingRuns(base, findings))
    .filter((need) => need.length > 0 && lookUpCost(need, own).requests <= MAX_LOOK_UP_REQUESTS);
  for (const need of needs.toSorted((a, b) => a.length - b.length)) {
    const more = need.filter((id) => !ids.has(id));
    const { requests, free } = lookUpCost(more, own);
    if (await bill.pays(requests, free)) for (const id of more) ids.add(id);
  }
  return [...ids];
}

/** Whether one of the readers has seen a run that has stopped as it no longer is, or when it could still change. */
export function isNewsTo(bases: Iterable<Seen>, run: Run): boolean {
  for (const base of bases) {
    const seen = sightingIn(base, run.id);
    if (seen !== undefined && (seen.isLate || seen.digest !== digestOf(run))) return true;
  }
  return false;
}

/** Whether all runs that were seen are known, and not only what a cursor has of them. */
export function isWhole({ sketch, coded }: Seen): boolean {
  return sketch === undefined && coded === undefined;
}

/**
 * Returns what was seen with the runs of which a cursor has only a sketch or a code; undefined if too many of
 * them have changed or are no longer there.
 *
 * @param observation a full one
 */
export function withCursorsRuns(
  seen: Seen,
  observation: Observation,
  membership: Membership,
): Seen | undefined {
  const { sketch, coded, settled } = seen;
  const decoded = coded && decodeRuns(coded, observation.byId.keys().filter(isCompact));
  if (coded !== undefined && decoded === undefined) return undefined;
  const known = decoded === undefined ? seen.known : new Map([...seen.known, ...decoded]);
  if (sketch === undefined) return { ...seen, known, coded: undefined };
  const now = new Map<string, Sighting>();
  for (const run of observation.rows) {
    if (isAfter(run, settled)) break;
    if (!known.has(run.id) && isWatched(run, observation))
      now.set(run.id, sightingOf(run, membership.isShown(run)));
  }
  const slow = sightingsOf(sketch, now);
  return slow && { ...seen, known, slow, sketch: undefined, coded: undefined };
}
