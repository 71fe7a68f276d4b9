import { hash48 } from './hash48.ts';
import { digitsOf, expandedId, isCompact, writeNumber } from './hex.ts';
import { type Fingerprint, type Fingerprints, isSameFingerprint } from './snapshot.ts';

// An invertible Bloom lookup table: each element is XORed into one cell of each part. Two sets whose
// tables are XORed leave the elements in which they differ; a cell with a single one gives it away.
// oxlint-disable no-bitwise -- That is what the table is made of.

const PARTS = 4;
const CELLS_PER_PART = 9;
const CELLS = PARTS * CELLS_PER_PART;
/** Of an element, and after it a check of it. An element is the id of a run, and its fingerprint. */
const ELEMENT_BYTES = 16 + 5;
const CELL_BYTES = ELEMENT_BYTES + 2;
const FINGERPRINT_BITS = 40n;
const CHECK_BITS = 16n;

export const TABLE_BYTES = CELLS * CELL_BYTES;

/** A digest of many runs with their fingerprints, of always the same size: its cells. */
export type LookupTable = readonly bigint[];

/** A fingerprint as one number of five bytes. */
export function packFingerprint({ digest, isLate, isShown }: Fingerprint): number {
  return digest * 256 + (isLate ? 2 : 0) + (isShown ? 1 : 0);
}

export function unpackFingerprint(packed: number): Fingerprint {
  return { digest: Math.floor(packed / 256), isLate: (packed & 2) !== 0, isShown: (packed & 1) !== 0 };
}

const tables = new WeakMap<Fingerprints, LookupTable>();

/** Returns the table of runs with compact ids; others are left out. */
export function tableOf(fingerprints: Fingerprints): LookupTable {
  const known = tables.get(fingerprints);
  if (known !== undefined) return known;
  const table = Array.from({ length: CELLS }, () => 0n);
  for (const [id, fingerprint] of fingerprints) {
    if (isCompact(id))
      toggle(table, (BigInt(`0x${digitsOf(id)}`) << FINGERPRINT_BITS) | BigInt(packFingerprint(fingerprint)));
  }
  tables.set(fingerprints, table);
  return table;
}

/** @param digits of as many bytes as a table has */
export function readTable(digits: string): LookupTable {
  const width = CELL_BYTES * 2;
  return Array.from({ length: CELLS }, (_, cell) =>
    BigInt(`0x${digits.slice(cell * width, (cell + 1) * width)}`),
  );
}

export function writeTable(table: LookupTable): string {
  return table.map((cell) => writeNumber(cell, CELL_BYTES)).join('');
}

/**
 * Returns the runs of a table, given those that it would be of if nothing had changed; undefined if too
 * much has. About 15 differences are found 98 times out of 100; of 129,000 random changes none was found wrongly.
 */
export function fingerprintsOf(table: LookupTable, now: Fingerprints): Fingerprints | undefined {
  const rest = tableOf(now).map((cell, at) => cell ^ (table[at] ?? 0n));
  const differences = new Set<bigint>();
  let steps = 0;
  for (let hasFound = true; hasFound;) {
    hasFound = false;
    for (let cell = 0; cell < CELLS; cell++) {
      const element = soleElement(rest[cell] ?? 0n, cell);
      if (element === undefined) continue;
      if (++steps > 2 * CELLS) return undefined;
      // A cell of several may look as if it had one: that is then found in another cell once more, and taken back.
      if (!differences.delete(element)) differences.add(element);
      toggle(rest, element);
      hasFound = true;
    }
  }
  if (rest.some((cell) => cell !== 0n)) return undefined;
  const then = new Map([...now].filter(([id]) => isCompact(id)));
  for (const element of differences) {
    const id = expandedId(writeNumber(element >> FINGERPRINT_BITS, 16));
    const fingerprint = unpackFingerprint(Number(BigInt.asUintN(40, element)));
    const current = now.get(id);
    // Both states of a run that has changed are there, in any order.
    if (!isSameFingerprint(fingerprint, current)) then.set(id, fingerprint);
    else if (then.get(id) === current) then.delete(id);
  }
  return then;
}

/** Returns the check of an element, and its cells, one of each part. */
function placesOf(element: bigint): { readonly check: bigint; readonly cells: readonly number[] } {
  const hash = hash48(Buffer.from(writeNumber(element, ELEMENT_BYTES), 'hex').toString('latin1'));
  let rest = hash % 2 ** 24;
  const cells = Array.from({ length: PARTS }, (_, part) => {
    const cell = part * CELLS_PER_PART + (rest % CELLS_PER_PART);
    rest = Math.floor(rest / CELLS_PER_PART);
    return cell;
  });
  return { check: BigInt(Math.floor(hash / 2 ** 24) % 2 ** 16), cells };
}

/** Adds an element, or takes it away. */
function toggle(table: bigint[], element: bigint): void {
  const { check, cells } = placesOf(element);
  for (const cell of cells) table[cell] = (table[cell] ?? 0n) ^ ((element << CHECK_BITS) | check);
}

/** Returns the element of a cell that has exactly one. */
function soleElement(content: bigint, cell: number): bigint | undefined {
  if (content === 0n) return undefined;
  const element = content >> CHECK_BITS;
  const { check, cells } = placesOf(element);
  return content === ((element << CHECK_BITS) | check) && cells.includes(cell) ? element : undefined;
}
