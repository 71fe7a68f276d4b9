import type { Position } from '../../lists/position.ts';
import { isActive } from '../../runs/run-state.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';
import { MAX_RECENT } from '../limits.ts';
import { isWatched, type Observation, oldestKeyToAppear } from '../polls/observe.ts';
import { type Findings, isNews, type LookedUp } from './changes.ts';
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
 * @param isLate whether a run has stopped and can still change
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

/** Returns what a reader knows of a run once it has received the current state. */
export function fingerprintOf(
  run: Run,
  { isShown }: Pick<Findings, 'isShown'>,
  isLate: boolean,
): Fingerprint {
  return { digest: digestOf(run), isShown: isShown(run), isLate, position: positionOf(run) };
}

/** Returns the fingerprints of watched and late runs that a poll hasn't read: they are kept for a later poll. */
export function unreadOf(
  fingerprints: Fingerprints,
  {
    byId,
    unwatched,
    watchedFrom,
  }: Pick<LookedUp, 'byId' | 'watchedFrom'> & { unwatched?: LookedUp['unwatched'] },
): readonly (readonly [id: string, fingerprint: Fingerprint])[] {
  return [...fingerprints].filter(([id, { isLate, position }]) => {
    const isRead = byId.has(id) || unwatched?.has(id) === true;
    return !isRead && (isLate || compareBounds(position, watchedFrom) >= 0);
  });
}

/**
 * Returns the position after which runs may still appear: ten seconds before the newest run, with at most `MAX_RECENT` runs
 * behind it. If the newest run is older than an hour, no run appears before it.
 */
function watermarkOf({ rows, completeFrom, livelyFrom }: Observation): Position | null {
  const read = rows.filter((run) => isAfter(run, completeFrom));
  const newest = read.at(-1);
  if (newest === undefined) return completeFrom;
  const oldestKey = isAfter(newest, livelyFrom) ? oldestKeyToAppear(positionOf(newest)) : null;
  const last = read.findLast(
    (run, index) => oldestKey === null || positionOf(run).key < oldestKey || index < read.length - MAX_RECENT,
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
    // A reader that began behind run 3 gets older runs only if they are active. If run 2 ends first, it is never sent.
    if (before === undefined && !isActive(run) && !isNews(run, from, findings)) continue;
    // Run 1 had ended when the reader began behind run 3. It is sent only if it changes, so it isn't shown yet.
    const hasNotCome = before?.digest === now.digest && now.isShown && !before.isShown;
    fingerprints.set(id, hasNotCome ? { ...now, isShown: false } : now);
  }
  const isSame =
    fingerprints.size === latest.fingerprints.size &&
    fingerprints.entries().every(([id, each]) => latest.fingerprints.get(id) === each);
  // Once the newest run is deleted, the list's watermark is an earlier one, from which older runs would come again.
  const watermark = compareBounds(from.watermark, latest.watermark) > 0 ? from.watermark : latest.watermark;
  return isSame ? latest : { ...latest, watermark, fingerprints };
}

/**
 * Returns what a reader with a cursor has received, once all active runs are read: the runs that the cursor names, and
 * those that its digest covers. A reader that began behind a run has received no late run up to there.
 *
 * @returns undefined if a run of the digest has changed
 */
export function snapshotOf(
  { watermark, watchedFrom, named, unnamed }: Resume,
  { fingerprints: latest }: Snapshot,
  findings: Findings,
): Snapshot | undefined {
  const fingerprints = new Map(named);
  const others: [id: string, fingerprint: Fingerprint][] = [];
  for (const run of findings.rows) {
    const [before, now] = [named.get(run.id), latest.get(run.id)];
    const hasCome = unnamed !== null && isWatched(run, watchedFrom) && !isAfter(run, unnamed.newest);
    const isBehind = unnamed === null && !isActive(run) && !isAfter(run, watermark);
    if (before) fingerprints.set(run.id, { ...before, position: positionOf(run) });
    else if (hasCome) others.push([run.id, fingerprintOf(run, findings, false)]);
    else if (now && isBehind) fingerprints.set(run.id, { ...now, isShown: false });
  }
  if (unnamed && digestOfAll(others) !== unnamed.digest) return undefined;
  return { watermark, watchedFrom, fingerprints: new Map([...fingerprints, ...others]) };
}
