import { comparePositions, type Position } from '../../lists/position.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import { digestOfText } from '../digests.ts';

/** What a reader has received of one run. */
export interface Fingerprint {
  /** The digest of the run's fields. */
  readonly digest: string;
  /** Whether the run is in the list, as far as the reader knows. */
  readonly isShown: boolean;
  /** Whether the run is late: it has stopped, but its duration or the outcome of its callback may still come. */
  readonly isLate: boolean;
  /** `LIST_END` for a run that a cursor names and that has not been read since. */
  readonly position: Position;
}

/** After all runs. */
export const LIST_END: Position = { key: '~', id: '' };

/** Fingerprints by the ids of runs. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** What a reader has received of a list: enough to find every later change. */
export interface Snapshot {
  /** Stopped runs up to this position without a fingerprint are not looked at again. Null: before all runs. */
  readonly watermark: Position | null;
  /** Active runs before this position without a fingerprint were not watched. Null: before all runs. */
  readonly watchedFrom: Position | null;
  /** The fingerprints of the runs after the watermark, and of older runs that may change. */
  readonly fingerprints: Fingerprints;
}

/** What a cursor says of a snapshot: it has room for some of its fingerprints only. */
export interface Resume extends Pick<Snapshot, 'watermark' | 'watchedFrom'> {
  /** The cursor as the client has sent it; readers with the same cursor are served together. */
  readonly after: string;
  /** The fingerprints of the runs that the cursor names. */
  readonly named: Fingerprints;
  /**
   * The active runs that are not named: the newest one (null if all are named), and a digest of all of them, back to
   * `watchedFrom`. Null if the client has no runs up to the watermark.
   */
  readonly unnamed: { readonly newest: Position | null; readonly digest: string } | null;
}

/** What a reader has received of a list; until the first poll after a cursor, what the cursor says of it. */
export type Received = Snapshot | Resume;

export function isResume(received: Received | undefined): received is Resume {
  return received !== undefined && 'after' in received;
}

/** Returns the fingerprints that are known: of a cursor, only those of the runs that it names. */
export function fingerprintsOf(received: Received): Fingerprints {
  return isResume(received) ? received.named : received.fingerprints;
}

/** Returns a resume from which the runs after a position, and older unfinished runs, are received. */
export function resumeBehind(position: Position, after: string): Resume {
  return { after, watermark: position, watchedFrom: null, named: new Map(), unnamed: null };
}

/** Returns a digest of runs, oldest first; 12 hex digits. */
export function digestOfAll(runs: Iterable<readonly [id: string, { readonly digest: string }]>): string {
  return digestOfText(Array.from(runs, ([id, { digest }]) => `${id} ${digest}`).join(), 12);
}

/** Compares bounds of a list in ascending order; null is before all. */
export function compareBounds(a: Position | null, b: Position | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : comparePositions(a, b);
}

export function isAfter(run: Run, bound: Position | null): boolean {
  return compareBounds(positionOf(run), bound) > 0;
}
