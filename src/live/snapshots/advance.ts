import type { Position } from '../../lists/position.ts';
import { isActive } from '../../runs/run-state.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';
import { isWatched, MAX_RECENT, type Observation, oldestLateKey } from '../polls/observe.ts';
import { type Findings, isNews } from './changes.ts';
import {
  compareBounds,
  digestOfAll,
  type Fingerprint,
  type Fingerprints,
  isAfter,
  type Resume,
  type Snapshot,
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
  const watermark = watermarkOf(findings);
  const fingerprints = new Map(unreadOf(before, findings));
  for (const run of findings.rows) {
    const fingerprint = fingerprintOf(run, findings, isLate(run.id));
    if (fingerprint.isLate || isAfter(run, watermark) || isWatched(run, findings.watchedFrom))
      fingerprints.set(run.id, fingerprint);
  }
  return { watermark, watchedFrom: findings.watchedFrom, fingerprints };
}

function fingerprintOf(run: Run, { isShown }: Findings, isLate: boolean): Fingerprint {
  return { digest: digestOf(run), isShown: isShown(run), isLate, position: positionOf(run) };
}

/** Returns the fingerprints that stay as they were, for a later poll: those of watched runs that were not read. */
export function unreadOf(
  fingerprints: Fingerprints,
  { byId, ended, watchedFrom }: Pick<Observation, 'byId' | 'watchedFrom'> & Partial<Findings>,
): readonly (readonly [id: string, fingerprint: Fingerprint])[] {
  return [...fingerprints].filter(
    ([id, { isLate, position }]) =>
      !byId.has(id) && ended?.has(id) !== true && (isLate || compareBounds(position, watchedFrom) >= 0),
  );
}

/** Returns the position after which runs may still appear, with at most `MAX_RECENT` runs behind it. */
function watermarkOf({ rows, completeFrom, livelyFrom }: Observation): Position | null {
  const recent = rows.filter((run) => isAfter(run, completeFrom));
  const newest = recent.at(-1);
  if (newest === undefined) return completeFrom;
  const late = isAfter(newest, livelyFrom) ? oldestLateKey(positionOf(newest)) : null;
  const last = recent.findLast(
    (run, index) => late === null || positionOf(run).key < late || index < recent.length - MAX_RECENT,
  );
  return last === undefined ? completeFrom : positionOf(last);
}

/**
 * Returns the snapshot of a reader that has received all changes since an earlier snapshot.
 *
 * @param latest the snapshot of a reader that has the whole list
 */
export function advanced(from: Snapshot, latest: Snapshot, findings: Findings): Snapshot {
  const fingerprints = new Map(unreadOf(from.fingerprints, findings));
  for (const [id, now] of latest.fingerprints) {
    const [run, before] = [findings.byId.get(id), from.fingerprints.get(id)];
    if (run === undefined) continue;
    // The reader began behind a run that ended before it was received: nothing of it is any more.
    if (before === undefined && !isActive(run) && !isNews(run, from, findings)) continue;
    // The reader began behind this run, and has not received it.
    const isHidden = before?.digest === now.digest && now.isShown && !before.isShown;
    fingerprints.set(id, isHidden ? { ...now, isShown: false } : now);
  }
  const isSame =
    fingerprints.size === latest.fingerprints.size &&
    fingerprints.entries().every(([id, each]) => latest.fingerprints.get(id) === each);
  // Once the newest run is deleted, the latest watermark is an earlier one, before runs that the reader has no fingerprint of.
  const watermark = compareBounds(from.watermark, latest.watermark) > 0 ? from.watermark : latest.watermark;
  return isSame ? latest : { ...latest, watermark, fingerprints };
}

/**
 * Adds the runs to a cursor's snapshot that the cursor doesn't name, once all of them are read.
 *
 * @returns undefined if one of them has changed
 */
export function withUnnamedRuns(
  { watermark, watchedFrom, fingerprints: named, unnamed }: Resume,
  { fingerprints: latest }: Snapshot,
  findings: Findings,
): Snapshot | undefined {
  const fingerprints = new Map(named);
  const others: [id: string, fingerprint: Fingerprint][] = [];
  for (const run of findings.rows) {
    const [before, now] = [named.get(run.id), latest.get(run.id)];
    if (before) fingerprints.set(run.id, { ...before, position: positionOf(run) });
    else if (unnamed && isWatched(run, watchedFrom) && !isAfter(run, unnamed.newest))
      others.push([run.id, fingerprintOf(run, findings, false)]);
    else if (!unnamed && now && !isActive(run) && !isAfter(run, watermark))
      fingerprints.set(run.id, { ...now, isShown: false });
  }
  if (unnamed && digestOfAll(others) !== unnamed.digest) return undefined;
  return { watermark, watchedFrom, fingerprints: new Map([...fingerprints, ...others]) };
}
