import { stringifyJson } from '../../json/stringify-json.ts';
import type { Position } from '../../lists/position.ts';
import { RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';
import type { ErasureCode } from './erasure-code.ts';
import { hash48 } from './hash48.ts';
import type { LookupTable } from './lookup-table.ts';

/** What a watcher knows of one run. */
export interface Fingerprint {
  /** Of its content; 32 bits. */
  readonly digest: number;
  /** Whether it has stopped, but could still change when it was seen. */
  readonly isLate: boolean;
  /** Whether the watcher has it in the list that the events tell of. */
  readonly isShown: boolean;
}

/** By id. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** Of a run of which it isn't known how it was: whatever it is like now is news. */
export function unknownFingerprint(isShown: boolean): Fingerprint {
  return { digest: 0, isLate: false, isShown };
}

/** Returns what is known of a run that is like this. */
export function fingerprintOf(run: Run, isShown: boolean, isLate = false): Fingerprint {
  return { digest: digestOf(run), isLate, isShown };
}

/**
 * What a watcher has seen of a list: enough to find every later change, and no more. It fits into a
 * cursor, so that any process can go on from it.
 */
export interface Snapshot {
  /** The watcher began behind this position: older runs that it doesn't know were never told to it. Null: it has the list. */
  readonly start: Position | null;
  /** Runs up to here are old: those that aren't known have ended, and are not looked at again. Null before all. */
  readonly watermark: Position | null;
  /** The runs after that position, and before it those that may change at any moment. */
  readonly known: Fingerprints;
  /** Runs before it that have not ended, but seldom change. */
  readonly slow: Fingerprints;
  /** Of `slow`, where a cursor had no room for it; undefined once the runs are known again. */
  readonly table?: LookupTable | undefined;
  /** The same of `known`. */
  readonly coded?: ErasureCode | undefined;
}

/** What a watcher has seen that wants to be told of the runs after a position, and of those that have not ended. */
export function snapshotBehind(position: Position): Snapshot {
  return { start: position, watermark: position, known: new Map(), slow: new Map() };
}

/** An estimate of the memory for a run that is known, by its id or its key. */
const BYTES_PER_RUN = 150;

/** An estimate of the memory that what was seen takes, which is more than its cursor has characters. */
export function bytesOf({ known, coded }: Snapshot): number {
  return BYTES_PER_RUN * (known.size + (coded?.byKey.size ?? 0));
}

export function fingerprintIn({ known, slow }: Snapshot, id: string): Fingerprint | undefined {
  return known.get(id) ?? slow.get(id);
}

export function isSameFingerprint(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  return a?.digest === b?.digest && a?.isLate === b?.isLate && a?.isShown === b?.isShown;
}

/** Goes with the runs: what is read of each depends on nothing else. */
const digests = new WeakMap<Run, number>();

/** Returns a digest of what a run is like in a list. */
export function digestOf(run: Run): number {
  const known = digests.get(run);
  if (known !== undefined) return known;
  const values = RUN_FIELD_LIST.map(({ name }): unknown => Reflect.get(run, name));
  const digest = Math.floor(hash48(stringifyJson(values)) / 2 ** 16);
  digests.set(run, digest);
  return digest;
}
