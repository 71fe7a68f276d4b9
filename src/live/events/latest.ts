import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { isWatched, type Observation } from '../polls/observation.ts';
import { MAX_RECENT, oldestLate } from '../polls/recent.ts';
import { isActive } from '../polls/run-states.ts';
import {
  type Snapshot,
  type Fingerprint,
  fingerprintIn,
  fingerprintOf,
  isSameFingerprint,
  type Fingerprints,
} from '../snapshots/snapshot.ts';
import { type Change, isAfter, type Membership } from './changes.ts';

export interface LatestOptions {
  readonly observation: Observation;
  readonly membership: Membership;
  /** Whether a run that has stopped can still change. */
  readonly isLate: (id: string) => boolean;
  /** What was seen of slow runs before; all that is known of those that the observation doesn't have. */
  readonly slow: Fingerprints;
  /** Runs that the observation doesn't have because they have ended or are gone. */
  readonly ended: ReadonlyMap<string, unknown>;
}

/** Returns what has been seen by a watcher that has the list, once everything in an observation has. */
export function latestOf({ observation, membership, isLate, slow, ended }: LatestOptions): Snapshot {
  const { rows, isFull } = observation;
  const watermark = watermarkOf(observation);
  const known = new Map<string, Fingerprint>();
  const open = new Map<string, Fingerprint>();
  for (const run of rows) {
    if (isAfter(run, watermark) || isLate(run.id) || isFresh(run, observation)) {
      known.set(run.id, fingerprintOf(run, membership.isShown(run), isLate(run.id)));
    } else if (isWatched(run, observation)) open.set(run.id, fingerprintOf(run, membership.isShown(run)));
  }
  const kept = isFull ? [] : [...slow].filter(([id]) => !observation.byId.has(id) && !ended.has(id));
  const now = new Map([...kept, ...open]);
  return { start: null, watermark, known, slow: isSame(slow, now) ? slow : now };
}

/** Returns the same for a watcher that began behind a position: without runs that it was told nothing of. */
export function behindStart(
  latest: Snapshot,
  from: Snapshot,
  changes: readonly Change[],
  observation: Observation,
): Snapshot {
  const { start } = from;
  if (start === null) return latest;
  const told = new Set(changes.map(({ id }) => id));
  const isIts = (id: string): boolean => {
    const run = observation.byId.get(id);
    if (fingerprintIn(from, id) !== undefined || told.has(id)) return true;
    return run !== undefined && (isAfter(run, start) || isWatched(run, observation));
  };
  return { ...latest, start, known: new Map([...latest.known].filter(([id]) => isIts(id))) };
}

/** Returns the position after which runs may still appear, or at most so many runs are. */
function watermarkOf({ rows, floor, fresh }: Observation): Position | null {
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

function isSame(a: Fingerprints, b: Fingerprints): boolean {
  return (
    a.size === b.size && b.entries().every(([id, fingerprint]) => isSameFingerprint(a.get(id), fingerprint))
  );
}
