import { isUtf8 } from 'node:buffer';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { Body } from '../../wire/body.ts';
import { align, instantiate, type Layout, PAGE_BYTES, placeTables } from './scanner-module.ts';
import { ROW_BYTES } from './slots.ts';

/** The positions of the fields in a list of rows. */
export interface Scan {
  /** Unique per scan. */
  readonly id: number;
  /** The text; what was decoded of it may be appended. */
  readonly body: Body;
  readonly rowCount: number;
  /** The rows as in the scanner's memory: for each field, start and end in the text, both 0 for null. */
  readonly slots: Uint32Array;
  /** The flags of all rows together. */
  readonly flags: number;
  /** Whether the rows are strictly ascending or strictly descending. */
  readonly ascending: boolean;
  readonly descending: boolean;
  /** Whether there is white space between tokens. */
  readonly hasSpaces: boolean;
  /** Where the first row is if it has new or missing fields. */
  readonly newFieldsAt: readonly [start: number, end: number] | null;
}

/** Rows of a scan, by their numbers in it. */
export interface RowNumbers {
  readonly length: number;
  /** Whether no row is there twice, as far as is known. */
  readonly areDistinct: boolean;
  rowAt(index: number): number;
}

/** A program that writes a row, built by `row-program.ts`. */
export interface CopyProgram {
  readonly bytes: Uint8Array;
  readonly steps: number;
  /** The maximum number of bytes per row that are not copied from its text. */
  readonly ownBytes: number;
  /** How often each field is copied at most, by slot. */
  readonly copies: readonly (readonly [slot: number, times: number])[];
  /** The most that any of them is copied. */
  readonly mostCopies: number;
}

export const NUMBERS_PER_ROW = ROW_BYTES / 4;
/** Zero bytes after the text, for SIMD reads past its end. */
const SLACK = 64;
/** The maximum memory in bytes, which never shrinks. Lists and answers that need more are not scanned. */
const MAX_MEMORY = 32 * 1024 * 1024;

const wasm = instantiate();
const layout: Layout = wasm === null ? { fields: 0, summary: 0, program: 0, text: 0 } : placeTables(wasm);

/** The address of the program. */
export const PROGRAM_AT = layout.program;

/** Views of the memory; replaced when it grows. */
let bytes = new Uint8Array(wasm?.memory.buffer ?? new ArrayBuffer(0));
let numbers = new Uint32Array(bytes.buffer);

let scans = 0;
/**
 * The id of the scan whose text and slots are in memory, so that a recent one needn't be copied in
 * again; 0 for none. Set only by `scan` and `write`, once the data is in place.
 */
let resident = 0;

/**
 * Finds the fields in a list of rows. Returns null for a text that is no such list, or that only the
 * decoder can read.
 */
export function scan(body: Body): Scan | null {
  resident = 0;
  const slotsAt = addressAfter(body);
  if (wasm === null || !reserve(slotsAt + MAX_LIST_ROWS * ROW_BYTES)) return null;
  const end = copyIn(body);
  const [first, ...others] = body.chunks;
  const text = others.length === 0 && first !== undefined ? first : bytes.subarray(layout.text, end);
  if (!isUtf8(text)) return null;
  const rowCount = wasm.scanRows(layout.text, end, layout.fields, slotsAt, MAX_LIST_ROWS, layout.summary);
  if (rowCount < 0) return null;
  resident = ++scans;
  const [slots, summary] = [slotsAt / 4, layout.summary / 4];
  return {
    id: resident,
    body,
    rowCount,
    slots: numbers.slice(slots, slots + rowCount * NUMBERS_PER_ROW),
    ascending: numbers[summary] === 1,
    descending: numbers[summary + 1] === 1,
    flags: numbers[summary + 2] ?? 0,
    newFieldsAt: numbers[summary + 3] === 1 ? [numbers[summary + 5] ?? 0, numbers[summary + 6] ?? 0] : null,
    hasSpaces: numbers[summary + 4] === 1,
  };
}

/** Returns the id of a scan whose text or slots were changed: what is in memory isn't the same. */
export function nextId(): number {
  return ++scans;
}

/**
 * Runs a program for each of these rows of a scan, and separates the results with commas. The returned
 * bytes are valid until the next call. Returns null if they need too much memory.
 */
export function write(
  { id, body, slots, hasSpaces }: Scan,
  rows: RowNumbers,
  program: CopyProgram,
): Uint8Array | null {
  const slotsAt = addressAfter(body);
  const rowsAt = slotsAt + slots.byteLength;
  const out = rowsAt + 4 * rows.length;
  const { ownBytes, mostCopies } = program;
  // What is copied of distinct rows doesn't overlap, so they needn't be measured unless memory is short.
  const mayBeEnough =
    rows.areDistinct && reserve(out + rows.length * ownBytes + body.length * mostCopies + SLACK);
  if (wasm === null || !(mayBeEnough || reserve(out + maxOutputBytes(slots, rows, program)))) return null;
  if (resident !== id) {
    copyIn(body);
    numbers.set(slots, slotsAt / 4);
    resident = id;
  }
  bytes.set(program.bytes, layout.program);
  const list = rowsAt / 4;
  for (let i = 0; i < rows.length; i++) numbers[list + i] = slotsAt + rows.rowAt(i) * ROW_BYTES;
  const { steps } = program;
  const end = wasm.writeRows(layout.text, rowsAt, rows.length, layout.program, steps, out, hasSpaces);
  return bytes.subarray(out, end);
}

/** Returns the maximum number of bytes that the program writes. */
function maxOutputBytes(slots: Uint32Array, rows: RowNumbers, { ownBytes, copies }: CopyProgram): number {
  let most = rows.length * ownBytes + SLACK;
  for (const [slot, times] of copies) {
    let length = 0;
    for (let i = 0; i < rows.length; i++) {
      const at = rows.rowAt(i) * NUMBERS_PER_ROW + 2 * slot;
      length += (slots[at + 1] ?? 0) - (slots[at] ?? 0);
    }
    // Copies overrun by up to 15 bytes, but the next one overwrites that; SLACK covers the last one.
    most += length * times;
  }
  return Math.ceil(most);
}

/** Returns the first free address after the text of a body. */
function addressAfter(body: Body): number {
  return align(layout.text + body.length + SLACK);
}

/** Copies the text into memory, and returns its end. */
function copyIn(body: Body): number {
  let at = layout.text;
  for (const chunk of body.chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  bytes.fill(0, at, at + SLACK);
  return at;
}

/** Grows the memory up to an address; returns false beyond the maximum. */
function reserve(end: number): boolean {
  if (wasm === null || end > MAX_MEMORY) return false;
  if (end > bytes.length) {
    wasm.memory.grow(Math.ceil((end - bytes.length) / PAGE_BYTES));
    bytes = new Uint8Array(wasm.memory.buffer);
    numbers = new Uint32Array(wasm.memory.buffer);
  }
  return true;
}
