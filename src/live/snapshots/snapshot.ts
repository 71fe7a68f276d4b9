import { comparePositions, type Position } from '../../lists/position.ts';
import { hash48 } from '../hash48.ts';
import { positionOf, type Run } from '../watched-run.ts';

/**
 * Why a run is watched:
 * - `recent`: it is new, or active and not old, so that each poll reads it;
 * - `late`: it has stopped, but its duration or the outcome of its callback may still come;
 * - `stale`: it has been active for long; `waiting`: it waits for approval. Only full polls read all of these.
 * Those that come first have the room of a cursor first.
 */
export const WATCH_REASONS = ['recent', 'late', 'stale', 'waiting'] as const;
export type WatchReason = (typeof WATCH_REASONS)[number];

/** What a watcher has received of one run. */
export interface Fingerprint {
  /** Of its content; 32 bits. */
  readonly digest: number;
  /** Whether the watcher has it in the list that the events are about. */
  readonly isShown: boolean;
  readonly reason: WatchReason;
}

/** By id. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** What a watcher has received of a list: enough to find every later change. */
export interface Snapshot {
  /** Runs up to here that aren't known have ended, and are not looked at again. Null: before all. */
  readonly watermark: Position | null;
  /** The runs after the watermark, and those before it that may change. */
  readonly known: Fingerprints;
}

/** What a client goes on from: a snapshot of which a cursor had room for the first runs only. */
export interface Resume extends Snapshot {
  /** What the client has sent; equal ones are served together. */
  readonly after: string;
  /** The sum of the unfinished runs that are not named, 0 if all are; null if the client has no runs up to the watermark. */
  readonly unnamed: number | null;
}

/** Begins with the runs after a position, and older ones that have not ended. */
export function resumeBehind(position: Position, after: string): Resume {
  return { after, watermark: position, known: new Map(), unnamed: null };
}

/** Adds a run to the sum of those that a cursor doesn't name. */
export function withUnnamed(sum: number, id: string, { digest, isShown }: Fingerprint): number {
  return (sum + hash48(`${id} ${digest} ${isShown}`)) % 2 ** 48;
}

/** Compares bounds of a list in ascending order; null is before all. */
export function compareBounds(a: Position | null, b: Position | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : comparePositions(a, b);
}

export function isAfter(run: Run, bound: Position | null): boolean {
  return compareBounds(positionOf(run), bound) > 0;
}
