import type { Run } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';
import { isWatched, type Observation } from '../polls/observe.ts';
import { type Fingerprint, isAfter, type Snapshot } from './snapshot.ts';

/** The rows and look-ups of one poll. */
export interface Findings extends Observation {
  /** Runs that were looked up and are not watched any more; null if they are gone. */
  readonly ended: ReadonlyMap<string, Run | null>;
  /** Whether a run matches the filters of the list. */
  readonly isShown: (run: Run) => boolean;
}

/** One difference between a snapshot and the current rows. */
export interface Change {
  readonly type: 'ADDED' | 'UPDATED' | 'REMOVED';
  readonly id: string;
  /** The current state; null if the run no longer exists. */
  readonly run: Run | null;
}

/** What a reader has received of a run. */
type Before = Pick<Fingerprint, 'isShown'> & Partial<Fingerprint>;
/** What a reader has received of a run that is news. */
const NEWS: Before = { isShown: false };

/**
 * Returns the changes that lead from a snapshot to the current rows: first of runs that are gone or have ended, then of
 * the other runs, oldest first.
 */
export function changesSince(from: Snapshot, findings: Findings): readonly Change[] {
  const { fingerprints } = from;
  const changes: Change[] = [];
  const add = (before: Before | undefined, id: string, run: Run | null): void => {
    const type = before && typeOf(before, run, findings);
    if (type !== undefined) changes.push({ type, id, run });
  };
  for (const [id, run] of findings.ended) add(fingerprints.get(id), id, run);
  for (const run of findings.rows) {
    const before = fingerprints.get(run.id) ?? (isNews(run, from, findings) ? NEWS : undefined);
    add(before, run.id, run);
  }
  return changes;
}

/** Whether a reader is to receive a run of which it has no fingerprint. An older one may have appeared late, or be unfinished. */
export function isNews(
  run: Run,
  { watermark, watchedFrom }: Snapshot,
  findings: Pick<Findings, 'watchedFrom'>,
): boolean {
  return isAfter(run, watermark) || (isWatched(run, findings.watchedFrom) && isWatched(run, watchedFrom));
}

function typeOf(before: Before, run: Run | null, { isShown }: Findings): Change['type'] | undefined {
  if (run !== null && before.digest === digestOf(run)) return undefined;
  if (run === null || !isShown(run)) return before.isShown ? 'REMOVED' : undefined;
  return before.isShown ? 'UPDATED' : 'ADDED';
}
