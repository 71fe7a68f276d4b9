import { comparePositions, type Position } from '../../lists/position.ts';
import { isWatched, MAX_RECENT, type Observation, oldestLate } from '../polls/observation.ts';
import {
  type Fingerprint,
  fingerprintIn,
  fingerprintOf,
  type Fingerprints,
  isAfter,
  replaced,
  type Snapshot,
} from '../snapshots/snapshot.ts';
import { isActive, positionOf, type Run } from '../watched-run.ts';
import type { Change, Findings } from './changes.ts';

/**
 * Returns the snapshot of a watcher that has the list, once it has received everything that a poll has found.
 *
 * @param slow what was seen of slow runs before; all that is known of those that were not observed
 * @param isLate whether a run that has stopped can still change
 */
export function latestOf(findings: Findings, slow: Fingerprints, isLate: (id: string) => boolean): Snapshot {
  const { rows, byId, isFull, ended, membership } = findings;
  const watermark = watermarkOf(findings);
  const known = new Map<string, Fingerprint>();
  const now = new Map(isFull ? [] : [...slow].filter(([id]) => !byId.has(id) && !ended.has(id)));
  for (const run of rows) {
    if (isAfter(run, watermark) || isLate(run.id) || isFresh(run, findings)) {
      known.set(run.id, fingerprintOf(run, membership.isShown(run), isLate(run.id)));
    } else if (isWatched(run, findings)) now.set(run.id, fingerprintOf(run, membership.isShown(run)));
  }
  const isSame = slow.size === now.size && replaced(slow, now.keys(), now) === slow;
  return { start: null, watermark, known, slow: isSame ? slow : now };
}

/** Returns the same for a watcher that began behind a position: without runs that it has received nothing about. */
export function behindStart(
  latest: Snapshot,
  from: Snapshot,
  changes: readonly Change[],
  observation: Observation,
): Snapshot {
  const { start } = from;
  if (start === null) return latest;
  const changed = new Set(changes.map(({ id }) => id));
  const isIts = (id: string): boolean => {
    const run = observation.byId.get(id);
    if (fingerprintIn(from, id) !== undefined || changed.has(id)) return true;
    return run !== undefined && (isAfter(run, start) || isWatched(run, observation));
  };
  return { ...latest, start, known: new Map([...latest.known].filter(([id]) => isIts(id))) };
}

/** Returns the position after which runs may still appear, or at most so many runs are. */
function watermarkOf({ rows, floor, fresh }: Observation): Position | null {
  const recent = rows.filter((run) => isAfter(run, floor));
  const newest = recent.at(-1);
  if (newest === undefined) return floor;
  const late = isAfter(newest, fresh) ? oldestLate(positionOf(newest)) : null;
  const last = recent.findLast(
    (run, index) => late === null || positionOf(run).key < late || index < recent.length - MAX_RECENT,
  );
  return last === undefined ? floor : positionOf(last);
}

function isFresh(run: Run, observation: Observation): boolean {
  const { fresh } = observation;
  return isActive(run) && isWatched(run, observation) && comparePositions(positionOf(run), fresh) >= 0;
}
