import type { Run } from '../../runs/run.ts';
import { digestOf } from '../digests.ts';
import { isWatched, type Observation } from '../polls/observe.ts';
import { type Fingerprint, isAfter, type Snapshot } from './snapshot.ts';

/** The rows of one poll, with those that it looked up. */
export interface LookedUp extends Observation {
  /** Runs that were looked up and are not watched any more; null if they are gone. */
  readonly unwatched: ReadonlyMap<string, Run | null>;
  readonly hasLookedUp: boolean;
}

/** What one poll has found. */
export interface Findings extends LookedUp {
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
/** Stands for a run of which the reader has received nothing. */
const NEWS: Before = { isShown: false };

/**
 * Returns the changes that lead from a snapshot to the current rows: first of runs that are not watched any more,
 * then of the others, oldest first.
 */
export function changesSince(from: Snapshot, findings: Findings): readonly Change[] {
  const { fingerprints } = from;
  const changes: Change[] = [];
  const add = (before: Before | undefined, id: string, run: Run | null): void => {
    const type = before && typeOf(before, run, findings);
    if (type !== undefined) changes.push({ type, id, run });
  };
  for (const [id, run] of findings.unwatched) add(fingerprints.get(id), id, run);
  for (const run of findings.rows) {
    const before = fingerprints.get(run.id) ?? (isNews(run, from, findings) ? NEWS : undefined);
    add(before, run.id, run);
  }
  return changes;
}

/** Whether a reader is to receive a run without a fingerprint: one after the watermark, or active and watched. */
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
