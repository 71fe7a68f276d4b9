import { comparePositions, type Position } from '../../lists/position.ts';
import { isActive, stateOf } from '../../runs/run-state.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';
import { isWatched, MAX_RECENT, type Observation, oldestLateKey } from '../polls/observe.ts';
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
 * @param before the fingerprints of such a reader after the previous poll
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
  const fingerprints = new Map<string, Fingerprint>();
  for (const [id, last] of before) if (!byId.has(id) && !ended.has(id)) fingerprints.set(id, last);
  for (const run of rows) {
    const reason = reasonOf(run);
    if (reason !== undefined)
      fingerprints.set(run.id, { digest: digestOf(run), isShown: isShown(run), reason });
  }
  return { watermark, fingerprints };
}

/** Returns the position after which runs may still appear, with at most `MAX_RECENT` runs behind it. */
function watermarkOf({ rows, floor, fresh }: Observation): Position | null {
  const recent = rows.filter((run) => isAfter(run, floor));
  const newest = recent.at(-1);
  if (newest === undefined) return floor;
  const late = isAfter(newest, fresh) ? oldestLateKey(positionOf(newest)) : null;
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
  const fingerprints = new Map<string, Fingerprint>();
  // Runs that were not looked up in this poll stay as they were, for a later poll.
  for (const [id, before] of from.fingerprints)
    if (!byId.has(id) && !ended.has(id)) fingerprints.set(id, before);
  for (const [id, now] of latest.fingerprints) {
    if (!byId.has(id)) continue;
    const before = from.fingerprints.get(id);
    // The reader began behind this run, and has not received it.
    const isHidden = before?.digest === now.digest && now.isShown && !before.isShown;
    fingerprints.set(id, isHidden ? { ...now, isShown: false } : now);
  }
  const isSame =
    fingerprints.size === latest.fingerprints.size &&
    fingerprints.entries().every(([id, each]) => latest.fingerprints.get(id) === each);
  return isSame ? latest : { watermark: latest.watermark, fingerprints };
}

/**
 * Adds the runs to a cursor's snapshot that the cursor doesn't name, once all runs that have not ended are read.
 *
 * @returns undefined if an unnamed run has changed
 */
export function withUnnamedRuns(
  resume: Resume,
  { fingerprints: latest }: Snapshot,
  { rows }: Observation,
): Snapshot | undefined {
  const { watermark, unnamed } = resume;
  const fingerprints = new Map(resume.fingerprints);
  const others = new Map<string, Fingerprint>();
  for (const run of unnamed === ALL_NAMED ? [] : rows) {
    if (isAfter(run, watermark)) break;
    const now = latest.get(run.id);
    if (now === undefined || fingerprints.has(run.id)) continue;
    const hasStopped = stateOf(run) === 'stopped';
    if (unnamed === null && hasStopped) fingerprints.set(run.id, { ...now, isShown: false });
    if (unnamed === null || hasStopped) continue;
    others.set(run.id, now);
  }
  if (digestOfAll(others) !== (unnamed ?? ALL_NAMED)) return undefined;
  return { watermark, fingerprints: new Map([...fingerprints, ...others]) };
}
