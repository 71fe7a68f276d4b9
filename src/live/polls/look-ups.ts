import { comparePositions, type Position } from '../../lists/position.ts';
import type { Run } from '../../runs/run.ts';
import type { Batch } from '../events/batch.ts';
import { isAfter, type Membership } from '../events/changes.ts';
import { decodeRuns } from '../snapshots/erasure-code.ts';
import { isCompact, fingerprintsOf } from '../snapshots/lookup-table.ts';
import {
  digestOf,
  type Snapshot,
  type Fingerprint,
  fingerprintIn,
  fingerprintOf,
} from '../snapshots/snapshot.ts';
import { type Bill, MAX_LOOK_UP_REQUESTS } from './bill.ts';
import { isWatched, type Observation } from './observation.ts';

/** One reader of the events of a list. */
export interface ListReader {
  /** What it has seen; undefined for one that has only come, and begins with what is there now. */
  snapshot: Snapshot | undefined;
  /** The events that it reads, and how many it has read of them. */
  batch: Batch | undefined;
  read: number;
}

/** Returns what a reader has seen by now. */
export function snapshotOf({ snapshot, batch, read }: ListReader): Snapshot | undefined {
  return batch === undefined ? snapshot : batch.snapshotAfter(read);
}

/** Returns what each of these readers has seen by now, once. */
export function basesOf(readers: Iterable<ListReader>): ReadonlySet<Snapshot> {
  const bases = new Set<Snapshot>();
  for (const reader of readers) {
    const snapshot = snapshotOf(reader);
    if (snapshot !== undefined) bases.add(snapshot);
  }
  return bases;
}

/** Undefined if there is none; null is before all. */
export function lowestOf(bases: Iterable<Snapshot>): Position | null | undefined {
  let lowest: Position | null | undefined;
  for (const { watermark } of bases) {
    if (watermark === null) return null;
    if (lowest === undefined || (lowest !== null && comparePositions(watermark, lowest) < 0))
      lowest = watermark;
  }
  return lowest;
}

/** Whether there may be runs after what was seen that were not read. */
export function isBehind({ watermark }: Snapshot, { floor }: Observation): boolean {
  if (floor === null) return false;
  return watermark === null || comparePositions(watermark, floor) < 0;
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
export function missingRuns({ known, slow }: Snapshot, findings: Findings): readonly string[] {
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
export function lookUpCost(ids: readonly string[], own: Snapshot | undefined) {
  const free = ids.filter((id) => own && fingerprintIn(own, id)).length;
  return { requests: 2 * ids.length - free, free };
}

/**
 * Returns known runs to look up, as far as they are paid. Whoever needs few comes first, so that the cursor
 * of one reader, which may be forged, costs others no events.
 *
 * @param own what the poller knows itself
 */
export async function affordable(
  bases: Iterable<Snapshot>,
  findings: Findings,
  own: Snapshot | undefined,
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
export function isNewsTo(bases: Iterable<Snapshot>, run: Run): boolean {
  for (const base of bases) {
    const snapshot = fingerprintIn(base, run.id);
    if (snapshot !== undefined && (snapshot.isLate || snapshot.digest !== digestOf(run))) return true;
  }
  return false;
}

/** Whether all runs that were seen are known, and not only what a cursor has of them. */
export function isWhole({ table, coded }: Snapshot): boolean {
  return table === undefined && coded === undefined;
}

/**
 * Returns what was seen with the runs of which a cursor has only a table or a code; undefined if too many of
 * them have changed or are no longer there.
 *
 * @param observation a full one
 */
export function withCursorsRuns(
  snapshot: Snapshot,
  observation: Observation,
  membership: Membership,
): Snapshot | undefined {
  const { table, coded, watermark } = snapshot;
  const decoded = coded && decodeRuns(coded, observation.byId.keys().filter(isCompact));
  if (coded !== undefined && decoded === undefined) return undefined;
  const known = decoded === undefined ? snapshot.known : new Map([...snapshot.known, ...decoded]);
  if (table === undefined) return { ...snapshot, known, coded: undefined };
  const now = new Map<string, Fingerprint>();
  for (const run of observation.rows) {
    if (isAfter(run, watermark)) break;
    if (!known.has(run.id) && isWatched(run, observation))
      now.set(run.id, fingerprintOf(run, membership.isShown(run)));
  }
  const slow = fingerprintsOf(table, now);
  return slow && { ...snapshot, known, slow, table: undefined, coded: undefined };
}
