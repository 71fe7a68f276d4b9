import { comparePositions, type Position } from '../../lists/position.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import { digestOfText } from '../watched-run.ts';

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
  /** Of its content. */
  readonly digest: string;
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
  /** A digest of the unfinished runs that are not named; null if the client has no runs up to the watermark. */
  readonly unnamed: string | null;
}

/** Begins with the runs after a position, and older ones that have not ended. */
export function resumeBehind(position: Position, after: string): Resume {
  return { after, watermark: position, known: new Map(), unnamed: null };
}

/** Returns a digest of what was received of some runs, in whatever order; 12 hex digits. */
export function digestOfAll(known: Iterable<readonly [id: string, fingerprint: Fingerprint]>): string {
  const texts = Array.from(known, ([id, { digest, isShown }]) => `${id} ${digest} ${isShown}`);
  return digestOfText(texts.toSorted().join(), 12);
}

/** That of a cursor which names all of its runs. */
export const ALL_NAMED = digestOfAll([]);

/** Compares bounds of a list in ascending order; null is before all. */
export function compareBounds(a: Position | null, b: Position | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : comparePositions(a, b);
}

export function isAfter(run: Run, bound: Position | null): boolean {
  return compareBounds(positionOf(run), bound) > 0;
}
