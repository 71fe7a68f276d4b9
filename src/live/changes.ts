import { comparePositions, type Position } from '../pagination/position.ts';
import { positionOf } from '../runs/position.ts';
import { ACTIVE_STATUSES } from '../runs/run-enums.ts';
import type { Run } from '../runs/run.ts';
import type { Observation } from './observe.ts';
import { MAX_RECENT, oldestLate } from './recent.ts';
import { digestOf, type Seen, type Sighting } from './seen.ts';

type ChangeKind = 'ADDED' | 'UPDATED' | 'REMOVED';

/** One difference between what a watcher has seen and what is there. */
export interface Change {
  readonly kind: ChangeKind;
  readonly id: string;
  /** As it is now; null if it no longer exists. */
  readonly run: Run | null;
}

/** Whether a run is in the list, as it is now. */
export type IsShown = (run: Run) => boolean;

/** Returns what has been seen once everything in an observation has. */
export function seenOf(observation: Observation, isShown: IsShown): Seen {
  const { rows, floor } = observation;
  const recent = rows.filter((run) => isAfter(run, floor));
  const newest = recent.at(-1);
  const late = newest === undefined ? '' : oldestLate(newest);
  const old = recent.filter(({ createdInstant }, index) => {
    return createdInstant < late || index < recent.length - MAX_RECENT;
  });
  const last = old.at(-1);
  const settled = last === undefined ? floor : positionOf(last);
  const known = rows.filter((run) => isAfter(run, settled) || isWatched(run, observation));
  return { settled, known: new Map(known.map((run) => [run.id, sightingOf(run, isShown)])) };
}

/**
 * Returns the changes that lead from what was seen to what is there now: those of runs that are gone or
 * have ended, then the others from the oldest run to the newest.
 *
 * @param ended what became of known runs that the observation doesn't have; null if they are gone
 */
export function changesSince(
  { settled, known }: Seen,
  observation: Observation,
  ended: ReadonlyMap<string, Run | null>,
  isShown: IsShown,
): readonly Change[] {
  const changes: Change[] = [];
  const add = (kind: ChangeKind | undefined, id: string, run: Run | null): void => {
    if (kind !== undefined) changes.push({ kind, id, run });
  };
  for (const [id, run] of ended) {
    const before = known.get(id);
    if (before !== undefined) add(kindOf(before, run, isShown), id, run);
  }
  for (const run of observation.rows) {
    const before = known.get(run.id);
    if (before !== undefined) add(kindOf(before, run, isShown), run.id, run);
    else if (isAfter(run, settled)) add(isShown(run) ? 'ADDED' : undefined, run.id, run);
    // It had ended and goes on, as after an approval. How it was before isn't known.
    else if (isWatched(run, observation)) add(isShown(run) ? 'UPDATED' : 'REMOVED', run.id, run);
  }
  return changes;
}

/** How a known run has changed for the list; undefined if it hasn't. */
function kindOf(before: Sighting, run: Run | null, isShown: IsShown): ChangeKind | undefined {
  const isNow = run !== null && isShown(run);
  if (!isNow) return before.isShown ? 'REMOVED' : undefined;
  if (!before.isShown) return 'ADDED';
  return before.digest === digestOf(run) ? undefined : 'UPDATED';
}

export function sightingOf(run: Run, isShown: IsShown): Sighting {
  return { digest: digestOf(run), isShown: isShown(run) };
}

export function isActive({ status }: Run): boolean {
  return ACTIVE_STATUSES.some((active) => active === status);
}

/** Whether a run is watched wherever it is: it is active, and one of the newest that are. */
export function isWatched(run: Run, { activeFloor }: Pick<Observation, 'activeFloor'>): boolean {
  return isActive(run) && (activeFloor === null || comparePositions(positionOf(run), activeFloor) >= 0);
}

/** Null is before all. */
export function isAfter(run: Run, position: Position | null): boolean {
  return position === null || comparePositions(positionOf(run), position) > 0;
}
