import { comparePositions, type Position } from '../../lists/position.ts';
import { digestOf, positionOf, type Run } from '../watched-run.ts';
import type { ErasureCode } from './erasure-code.ts';
import type { LookupTable } from './lookup-table.ts';

/** What a watcher has seen of one run. */
export interface Fingerprint {
  /** Of its content; 32 bits. */
  readonly digest: number;
  /** Whether it has stopped, but could still change when it was seen. */
  readonly isLate: boolean;
  /** Whether the watcher has it in the list that the events are about. */
  readonly isShown: boolean;
}

/** By id. */
export type Fingerprints = ReadonlyMap<string, Fingerprint>;

/** Returns the fingerprint of a run as it is now. */
export function fingerprintOf(run: Run, isShown: boolean, isLate = false): Fingerprint {
  return { digest: digestOf(run), isLate, isShown };
}

/**
 * What a watcher has seen of a list: enough to find every later change, and no more. It fits into a
 * cursor, so that any process can go on from it.
 */
export interface Snapshot {
  /** The watcher began behind this position: it has received nothing about older runs that it doesn't know. Null: it has the list. */
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

/** The snapshot of a watcher that begins with the runs after a position, and those that have not ended. */
export function snapshotBehind(position: Position): Snapshot {
  return { start: position, watermark: position, known: new Map(), slow: new Map() };
}

export function fingerprintIn({ known, slow }: Snapshot, id: string): Fingerprint | undefined {
  return known.get(id) ?? slow.get(id);
}

/** Returns fingerprints with those of some runs taken from others; the same map if that changes nothing. */
export function replaced(all: Fingerprints, ids: Iterable<string>, others: Fingerprints): Fingerprints {
  let copy: Map<string, Fingerprint> | undefined;
  for (const id of ids) {
    const other = others.get(id);
    if (isSameFingerprint(all.get(id), other)) continue;
    copy ??= new Map(all);
    if (other === undefined) copy.delete(id);
    else copy.set(id, other);
  }
  return copy ?? all;
}

export function isSameFingerprint(a: Fingerprint | undefined, b: Fingerprint | undefined): boolean {
  return a?.digest === b?.digest && a?.isLate === b?.isLate && a?.isShown === b?.isShown;
}

/** Compares bounds of a list in ascending order; null is before all. */
export function compareBounds(a: Position | null, b: Position | null): number {
  return a === null || b === null ? Number(a !== null) - Number(b !== null) : comparePositions(a, b);
}

export function isAfter(run: Run, bound: Position | null): boolean {
  return compareBounds(positionOf(run), bound) > 0;
}
