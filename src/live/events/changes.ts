import type { Membership } from '../polls/membership.ts';
import { isWatched, type Observation } from '../polls/observation.ts';
import { type Fingerprint, fingerprintIn, isAfter, type Snapshot } from '../snapshots/snapshot.ts';
import { digestOf, isActive, type Run } from '../watched-run.ts';

/** What a poll has found. */
export interface Findings extends Observation {
  /** What became of known runs that were not observed; null if they are gone. */
  readonly ended: ReadonlyMap<string, Run | null>;
  readonly membership: Pick<Membership, 'isShown' | 'wasShown'>;
  /** The active runs that it should have, if it has read all of them. */
  readonly wasActive: ReadonlySet<string>;
}

/** One difference between a snapshot and the current rows. */
export interface Change {
  readonly kind: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly id: string;
  /** As it is now; null if it no longer exists. */
  readonly run: Run | null;
  /** What the watcher has of it. */
  readonly before: Fingerprint;
}

/**
 * Returns the changes that lead from a snapshot to the current rows: those of runs that are gone or
 * have ended, then the others from the oldest run to the newest.
 */
export function changesSince(snapshot: Snapshot, findings: Findings): readonly Change[] {
  const changes: Change[] = [];
  const add = (before: Fingerprint | undefined, id: string, run: Run | null): void => {
    if (before === undefined) return;
    const kind = kindOf(before, run, findings);
    if (kind !== undefined) changes.push({ kind, id, run, before });
  };
  for (const [id, run] of findings.ended) add(fingerprintIn(snapshot, id), id, run);
  for (const run of findings.rows) {
    add(fingerprintIn(snapshot, run.id) ?? assumedOf(run, snapshot, findings), run.id, run);
  }
  return changes;
}

/**
 * Returns what a watcher has of a run that it doesn't know; undefined if nothing about it is news:
 * - a new run, which it hasn't;
 * - an older one that has not ended, for a watcher that began behind it and has received nothing about it;
 * - one that had ended, as `completedAt` shows, and goes on; or one that appears late.
 */
function assumedOf(run: Run, { start, watermark }: Snapshot, findings: Findings): Fingerprint | undefined {
  const isOlder = start !== null && !isAfter(run, start);
  if (isAfter(run, watermark) && !isOlder) return unknownFingerprint(false);
  if (!isWatched(run, findings)) return undefined;
  if (isOlder) return unknownFingerprint(false);
  if (!isActive(run)) return undefined;
  return unknownFingerprint(run.completedAt !== null && findings.membership.wasShown(run));
}

/** Of a run whose content isn't known: whatever it is like now is news. */
function unknownFingerprint(isShown: boolean): Fingerprint {
  return { digest: 0, isLate: false, isShown };
}

/** How a known run has changed for the list; undefined if it hasn't. */
function kindOf(before: Fingerprint, run: Run | null, { membership }: Findings): Change['kind'] | undefined {
  const isNow = run !== null && membership.isShown(run);
  if (!isNow) return before.isShown ? 'REMOVED' : undefined;
  if (!before.isShown) return 'ADDED';
  return before.digest === digestOf(run) ? undefined : 'UPDATED';
}
