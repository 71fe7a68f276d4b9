import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { isWatched, MAX_RECENT, type Observation, oldestLate } from '../polls/observation.ts';
import { digestOf, isActive, stateOf } from '../watched-run.ts';
import type { Findings } from './changes.ts';
import {
  ALL_NAMED,
  digestOfAll,
  type Fingerprint,
  type Fingerprints,
  isAfter,
  type Resume,
  type Snapshot,
  type WatchReason,
} from './snapshot.ts';

/**
 * Returns the snapshot of a reader that has received everything that a poll has found.
 *
 * @param before what such a reader knew after the previous poll
 * @param isLate whether a run that has stopped can still change
 */
export function latestOf(
  findings: Findings,
  before: Fingerprints,
  isLate: (id: string) => boolean,
): Snapshot {
  const { rows, byId, ended, isShown, fresh } = findings;
  const watermark = watermarkOf(findings);
  const reasonOf = (run: Run): WatchReason | undefined => {
    if (isLate(run.id)) return 'late';
    if (isAfter(run, watermark)) return 'recent';
    if (!isWatched(run, findings)) return undefined;
    if (!isActive(run)) return 'waiting';
    return comparePositions(positionOf(run), fresh) >= 0 ? 'recent' : 'stale';
  };
  const known = new Map<string, Fingerprint>();
  for (const [id, last] of before) if (!byId.has(id) && !ended.has(id)) known.set(id, last);
  for (const run of rows) {
    const reason = reasonOf(run);
    if (reason !== undefined) known.set(run.id, { digest: digestOf(run), isShown: isShown(run), reason });
  }
  return { watermark, known };
}

/** Returns the position after which runs may still appear, with at most `MAX_RECENT` runs behind it. */
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

/**
 * Returns the snapshot of a reader that has received all changes since an earlier snapshot.
 *
 * @param latest the snapshot of a reader that has the whole list
 */
export function advanced(from: Snapshot, latest: Snapshot, { byId, ended }: Findings): Snapshot {
  const known = new Map<string, Fingerprint>();
  // Runs that were not looked up in this poll stay as they were, for a later poll.
  for (const [id, before] of from.known) if (!byId.has(id) && !ended.has(id)) known.set(id, before);
  for (const [id, now] of latest.known) {
    if (!byId.has(id)) continue;
    const before = from.known.get(id);
    // The reader began behind this run, and has not received it.
    const isHidden = before?.digest === now.digest && now.isShown && !before.isShown;
    known.set(id, isHidden ? { ...now, isShown: false } : now);
  }
  const isSame =
    known.size === latest.known.size && known.entries().every(([id, each]) => latest.known.get(id) === each);
  return isSame ? latest : { watermark: latest.watermark, known };
}

/**
 * Adds the runs to a cursor's snapshot that the cursor doesn't name, once all runs that have not ended are read.
 *
 * @returns undefined if an unnamed run has changed
 */
export function completed(
  resume: Resume,
  { known: latest }: Snapshot,
  { rows }: Observation,
): Snapshot | undefined {
  const { watermark, unnamed } = resume;
  const known = new Map(resume.known);
  const others = new Map<string, Fingerprint>();
  for (const run of unnamed === ALL_NAMED ? [] : rows) {
    if (isAfter(run, watermark)) break;
    const now = latest.get(run.id);
    if (now === undefined || known.has(run.id)) continue;
    const hasStopped = stateOf(run) === 'stopped';
    if (unnamed === null && hasStopped) known.set(run.id, { ...now, isShown: false });
    if (unnamed === null || hasStopped) continue;
    others.set(run.id, now);
  }
  if (digestOfAll(others) !== (unnamed ?? ALL_NAMED)) return undefined;
  return { watermark, known: new Map([...known, ...others]) };
}
