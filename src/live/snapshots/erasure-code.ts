import { hash48 } from './hash48.ts';
import { digitsOf, expandedId, type HexReader, writeNumber } from './hex.ts';
import type { Fingerprint, Fingerprints } from './snapshot.ts';

// An erasure code. Of the id of each run there is the end, its key, by which the run is found in a list. The
// beginnings of those that the list no longer has come from sums: each is the XOR of the beginnings of about
// half of the runs, and about as many can be solved for as there are sums.
// oxlint-disable no-bitwise -- That is what a sum is.

/** An id has four words of 32 bits; the last one is the key. */
const BEGINNING_WORDS = 3;
const BEGINNING_BITS = BigInt(BEGINNING_WORDS * 32);
const WORD_BYTES = 4;
/** Each bit of two hashes of 48 bits says whether a run is in a sum. */
const SUMS = 96;
const PART_BITS = 24;

/** Many runs and what was seen of them, in less space than their ids take. */
export interface ErasureCode {
  readonly byKey: ReadonlyMap<number, Fingerprint>;
  /** The words of all sums. */
  readonly sums: Uint32Array;
}

/**
 * Codes runs that will be found again, but for 80 to 96 of them. Undefined for so few that their ids are
 * shorter, or if two have the same key.
 *
 * @param runs with compact ids
 */
export function codeRuns(runs: Fingerprints): ErasureCode | undefined {
  const byKey = new Map([...runs].map(([id, fingerprint]) => [keyOf(id), fingerprint]));
  if (runs.size <= SUMS || byKey.size < runs.size) return undefined;
  const sums = new Uint32Array(SUMS * BEGINNING_WORDS);
  for (const id of runs.keys()) toggle(sums, id);
  return { byKey, sums };
}

/**
 * Returns the runs; undefined if too many of them were not found.
 *
 * @param found compact ids, also of other runs
 */
export function decodeRuns({ byKey, sums }: ErasureCode, found: Iterable<string>): Fingerprints | undefined {
  const ids = new Map<number, string>();
  const rest = Uint32Array.from(sums);
  for (const id of found) {
    const key = keyOf(id);
    if (!byKey.has(key)) continue;
    if (ids.has(key)) return undefined;
    ids.set(key, id);
    toggle(rest, id);
  }
  const missing = [...byKey.keys()].filter((key) => !ids.has(key));
  const beginnings = solve(rest, missing);
  if (beginnings === undefined) return undefined;
  for (const [index, key] of missing.entries()) ids.set(key, idOf(beginnings[index] ?? 0n, key));
  return new Map(byKey.entries().map(([key, fingerprint]) => [ids.get(key) ?? '', fingerprint]));
}

/** Of the keys: first all of them, then digests, and eight to a byte whether they are shown; then the sums. */
export function writeErasureCode({ byKey, sums }: ErasureCode): string {
  const fingerprints = [...byKey.values()];
  const shown = new Uint8Array(Math.ceil(byKey.size / 8));
  for (const [at, { isShown }] of fingerprints.entries()) {
    if (isShown) shown[Math.floor(at / 8)]! += 2 ** (at % 8);
  }
  return [
    writeNumber(byKey.size, 2),
    numbers(byKey.keys(), WORD_BYTES),
    numbers(
      fingerprints.map(({ digest }) => digest),
      4,
    ),
    numbers(shown, 1),
    numbers(sums, WORD_BYTES),
  ].join('');
}

function numbers(values: Iterable<number>, size: number): string {
  return Array.from(values, (value) => writeNumber(value, size)).join('');
}

/** @throws RangeError for what is not written */
export function readErasureCode(reader: HexReader): ErasureCode {
  const count = reader.number(2);
  const read = (length: number, size: number): readonly number[] =>
    Array.from({ length }, () => reader.number(size));
  const keys = read(count, WORD_BYTES);
  const digests = read(count, 4);
  const shown = read(Math.ceil(count / 8), 1);
  const fingerprintAt = (at: number): Fingerprint => ({
    digest: digests[at] ?? 0,
    isLate: false,
    isShown: Math.floor((shown[Math.floor(at / 8)] ?? 0) / 2 ** (at % 8)) % 2 === 1,
  });
  const sums = Uint32Array.from(read(SUMS * BEGINNING_WORDS, WORD_BYTES));
  return { byKey: new Map(keys.map((key, at) => [key, fingerprintAt(at)])), sums };
}

/** Adds a run to the sums that it is in, or takes it away. */
function toggle(sums: Uint32Array, id: string): void {
  const [first = 0, second = 0, third = 0, key = 0] = wordsOf(id);
  forEachSum(key, (sum) => {
    const at = sum * BEGINNING_WORDS;
    sums[at]! ^= first;
    sums[at + 1]! ^= second;
    sums[at + 2]! ^= third;
  });
}

/**
 * Solves the sums for the beginnings with these keys, by elimination. A row is one number: its low bits are a
 * sum, its high bits say which of the beginnings are in it.
 */
function solve(sums: Uint32Array, keys: readonly number[]): readonly bigint[] | undefined {
  if (keys.length > SUMS) return undefined;
  const rows = Array.from({ length: SUMS }, (_, sum) => {
    const words = sums.subarray(sum * BEGINNING_WORDS, (sum + 1) * BEGINNING_WORDS);
    return words.reduce((row, word) => (row << 32n) | BigInt(word), 0n);
  });
  const bits = keys.map((_, index) => 1n << (BEGINNING_BITS + BigInt(index)));
  for (const [index, key] of keys.entries()) {
    forEachSum(key, (sum) => (rows[sum] = (rows[sum] ?? 0n) | (bits[index] ?? 0n)));
  }
  for (const [index, bit] of bits.entries()) {
    const at = rows.findIndex((row, position) => position >= index && (row & bit) !== 0n);
    const pivot = rows[at];
    if (pivot === undefined) return undefined;
    rows[at] = rows[index] ?? 0n;
    rows[index] = 0n;
    for (const [position, row] of rows.entries()) if ((row & bit) !== 0n) rows[position] = row ^ pivot;
    rows[index] = pivot;
  }
  // What is left of the other sums tells whether the runs that were found are those that were coded.
  if (rows.slice(keys.length).some((row) => row !== 0n)) return undefined;
  return bits.map((bit, index) => (rows[index] ?? 0n) ^ bit);
}

/** Visits the sums that a run is in: by the bits of two hashes that are set, in numbers that are small enough to be quick. */
function forEachSum(key: number, visit: (sum: number) => void): void {
  const hashes = [hash48(`${key}`), hash48(`+${key}`)];
  const parts = hashes.flatMap((hash) => [hash % 2 ** PART_BITS, Math.floor(hash / 2 ** PART_BITS)]);
  for (const [part, bits] of parts.entries()) {
    for (let rest = bits | 0; rest !== 0; rest &= rest - 1) {
      visit(part * PART_BITS + 31 - Math.clz32(rest & -rest));
    }
  }
}

/** The words of a compact id, the last of which is its key. */
function wordsOf(id: string): readonly number[] {
  const hex = digitsOf(id);
  return [0, 8, 16, 24].map((at) => parseInt(hex.slice(at, at + 8), 16));
}

function keyOf(id: string): number {
  return parseInt(id.slice(-8), 16);
}

function idOf(beginning: bigint, key: number): string {
  return expandedId(writeNumber(beginning, BEGINNING_WORDS * WORD_BYTES) + writeNumber(key, WORD_BYTES));
}
