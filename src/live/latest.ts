import { comparePositions, type Position } from '../lists/position.ts';
import { positionOf } from '../runs/position.ts';
import type { Run } from '../runs/run.ts';
import { type Change, isAfter, type Membership } from './changes.ts';
import { isWatched, type Observation } from './observe.ts';
import { MAX_RECENT, oldestLate } from './recent.ts';
import { isActive } from './run-states.ts';
import { type Seen, type Sighting, sightingIn, sightingOf, isSameSighting, type Sightings } from './seen.ts';

export interface LatestOptions {
  readonly observation: Observation;
  readonly membership: Membership;
  /** Whether a run that has stopped can still change. */
  readonly isLate: (id: string) => boolean;
  /** What was seen of slow runs before; all that is known of those that the observation doesn't have. */
  readonly slow: Sightings;
  /** Runs that the observation doesn't have because they have ended or are gone. */
  readonly ended: ReadonlyMap<string, unknown>;
}

/** Returns what has been seen by a watcher that has the list, once everything in an observation has. */
export function latestOf({ observation, membership, isLate, slow, ended }: LatestOptions): Seen {
  const { rows, isFull } = observation;
  const settled = settledOf(observation);
  const known = new Map<string, Sighting>();
  const open = new Map<string, Sighting>();
  for (const run of rows) {
    if (isAfter(run, settled) || isLate(run.id) || isFresh(run, observation)) {
      known.set(run.id, sightingOf(run, membership.isShown(run), isLate(run.id)));
    } else if (isWatched(run, observation)) open.set(run.id, sightingOf(run, membership.isShown(run)));
  }
  const kept = isFull ? [] : [...slow].filter(([id]) => !observation.byId.has(id) && !ended.has(id));
  const now = new Map([...kept, ...open]);
  return { start: null, settled, known, slow: isSame(slow, now) ? slow : now };
}

/** Returns the same for a watcher that began behind a position: without runs that it was told nothing of. */
export function behindStart(
  latest: Seen,
  from: Seen,
  changes: readonly Change[],
  observation: Observation,
): Seen {
  const { start } = from;
  if (start === null) return latest;
  const told = new Set(changes.map(({ id }) => id));
  const isIts = (id: string): boolean => {
    const run = observation.byId.get(id);
    if (sightingIn(from, id) !== undefined || told.has(id)) return true;
    return run !== undefined && (isAfter(run, start) || isWatched(run, observation));
  };
  return { ...latest, start, known: new Map([...latest.known].filter(([id]) => isIts(id))) };
}

/** Returns the position after which runs may still appear, or at most so many runs are. */
function settledOf({ rows, floor, fresh }: Observation): Position | null {
  const recent = rows.filter((run) => isAfter(run, floor));
  const newest = recent.at(-1);
  if (newest === undefined) return floor;
  const late = isAfter(newest, fresh) ? oldestLate(newest) : null;
  const old = recent.filter(({ createdInstant }, index) => {
    return late === null || createdInstant < late || index < recent.length - MAX_RECENT;
  });
  const last = old.at(-1);
  return last === undefined ? floor : positionOf(last);
}

function isFresh(run: Run, observation: Observation): boolean {
  const { fresh } = observation;
  return isActive(run) && isWatched(run, observation) && comparePositions(positionOf(run), fresh) >= 0;
}

function isSame(a: Sightings, b: Sightings): boolean {
  return a.size === b.size && b.entries().every(([id, sighting]) => isSameSighting(a.get(id), sighting));
}
