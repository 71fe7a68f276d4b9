import { comparePositions, type Position } from '../../lists/position.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import { digestOfText } from '../digests.ts';

/**
 * Why a run is watched:
 * - `recent`: it is new, or active and not old, so that each poll reads it;
 * - `late`: it has stopped, but its duration or the outcome of its callback may still come;
 * - `stale`: it has been active for long; `waiting`: it waits for approval. Only full polls read all of these.
 * A cursor names runs in this order of reasons, as long as it has room.
 */
export const WATCH_REASONS = ['recent', 'late', 'stale', 'waiting'] as const;
export type WatchReason = (typeof WATCH_REASONS)[number];

/** What a reader has received of one run. */
export interface Fingerprint {
  /** The digest of the run's fields. */
  readonly digest: string;
  /** Whether the run is in the list, as far as the reader knows. */
  readonly isShown: boolean;
  readonly reason: WatchReason;
}

/** Fingerprints by the ids of runs. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** What a reader has received of a list: enough to find every later change. */
export interface Snapshot {
  /** Runs up to this position without a fingerprint have ended, and are not looked at again. Null: before all runs. */
  readonly watermark: Position | null;
  /** The fingerprints of the runs after the watermark, and of older runs that may change. */
  readonly fingerprints: Fingerprints;
}

/** A snapshot as a cursor has it, which has room for the first runs only. */
export interface Resume extends Snapshot {
  /** The cursor as the client has sent it; readers with the same cursor are served together. */
  readonly after: string;
  /** A digest of the unfinished runs that are not named; null if the client has no runs up to the watermark. */
  readonly unnamed: string | null;
}

/** Returns a resume from which the runs after a position, and older unfinished runs, are received. */
export function resumeBehind(position: Position, after: string): Resume {
  return { after, watermark: position, fingerprints: new Map(), unnamed: null };
}

/** Returns a digest of the fingerprints of runs, in any order; 12 hex digits. */
export function digestOfAll(fingerprints: Iterable<readonly [id: string, fingerprint: Fingerprint]>): string {
  const texts = Array.from(fingerprints, ([id, { digest, isShown }]) => `${id} ${digest} ${isShown}`);
  return digestOfText(texts.toSorted().join(), 12);
}

/** `unnamed` of a cursor that names all of its runs. */
export const ALL_NAMED = digestOfAll([]);

/** Compares bounds of a list in ascending order; null is before all. */
export function compareBounds(a: Position | null, b: Position | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : comparePositions(a, b);
}

export function isAfter(run: Run, bound: Position | null): boolean {
  return compareBounds(positionOf(run), bound) > 0;
}
