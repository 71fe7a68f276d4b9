import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { isWatched, type Observation } from '../polls/observation.ts';
import { isActive } from '../polls/run-states.ts';
import {
  digestOf,
  type Snapshot,
  type Fingerprint,
  fingerprintIn,
  unknownFingerprint,
} from '../snapshots/snapshot.ts';

type ChangeKind = 'ADDED' | 'UPDATED' | 'REMOVED';

/** One difference between what a watcher has seen and what is there. */
export interface Change {
  readonly kind: ChangeKind;
  readonly id: string;
  /** As it is now; null if it no longer exists. */
  readonly run: Run | null;
}

/** Which runs are in a list. */
export interface Membership {
  /** Whether a run is, as it is now. */
  isShown(run: Run): boolean;
  /** Whether a run that had ended and goes on was, before that. */
  wasShown(run: Run): boolean;
}

/**
 * Returns the changes that lead from what was seen to what is there now: those of runs that are gone or
 * have ended, then the others from the oldest run to the newest.
 *
 * @param ended what became of known runs that the observation doesn't have; null if they are gone
 */
export function changesSince(
  snapshot: Snapshot,
  observation: Observation,
  ended: ReadonlyMap<string, Run | null>,
  membership: Membership,
): readonly Change[] {
  const changes: Change[] = [];
  const add = (before: Fingerprint | undefined, id: string, run: Run | null): void => {
    const kind = before && kindOf(before, run, membership);
    if (kind !== undefined) changes.push({ kind, id, run });
  };
  for (const [id, run] of ended) add(fingerprintIn(snapshot, id), id, run);
  for (const run of observation.rows) {
    add(fingerprintIn(snapshot, run.id) ?? assumedOf(run, snapshot, observation, membership), run.id, run);
  }
  return changes;
}

/**
 * Returns what a watcher has of a run that it doesn't know; undefined if nothing about it is news:
 * - a new run, which it hasn't;
 * - an older one that has not ended, for a watcher that began behind it and was told nothing of it;
 * - one that had ended, as `completedAt` tells, and goes on; or one that appears late.
 */
export function assumedOf(
  run: Run,
  { start, watermark }: Snapshot,
  observation: Observation,
  membership: Membership,
): Fingerprint | undefined {
  const isNew = isAfter(run, watermark);
  const isOlder = start !== null && !isAfter(run, start);
  if (isNew && !isOlder) return unknownFingerprint(false);
  if (!isWatched(run, observation)) return undefined;
  if (isOlder) return unknownFingerprint(false);
  if (!isActive(run)) return undefined;
  return unknownFingerprint(run.completedAt !== null && membership.wasShown(run));
}

/** How a known run has changed for the list; undefined if it hasn't. */
function kindOf(before: Fingerprint, run: Run | null, membership: Membership): ChangeKind | undefined {
  const isNow = run !== null && membership.isShown(run);
  if (!isNow) return before.isShown ? 'REMOVED' : undefined;
  if (!before.isShown) return 'ADDED';
  return before.digest === digestOf(run) ? undefined : 'UPDATED';
}

/** Null is before all. */
export function isAfter(run: Run, position: Position | null): boolean {
  return position === null || comparePositions(positionOf(run), position) > 0;
}
