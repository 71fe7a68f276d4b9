import { isUtf8 } from 'node:buffer';
import type { Body } from './body.ts';
import { FIELDS } from './fields.ts';
import { align, instantiate, type Layout, PAGE_BYTES, placeTables } from './scanner-module.ts';

/** Where the fields of a text's rows are. */
export interface Scan {
  readonly rowCount: number;
  /** Of each row and field: start and end in the text, both 0 for null. */
  readonly slots: Uint32Array;
  /** Whether each row lies strictly behind the one before it, in one order or in the other. */
  readonly ascending: boolean;
  readonly descending: boolean;
  /** Whether a word is none of its field's, or the first row has other fields than are known. */
  readonly differs: boolean;
  readonly firstRowEnd: number;
}

/** How a row is written; made by `RowProgram`. */
export interface Program {
  readonly bytes: Uint8Array;
  readonly steps: number;
  /** The most bytes of one row that are not copied from its text. */
  readonly ownBytes: number;
  /** How often its text may be copied at most. */
  readonly copies: number;
}

/** Rows of one answer of the runs API. */
const MAX_ROWS = 1000;
/** Start and end of each field. */
export const NUMBERS_PER_ROW = FIELDS.length * 2;
const ROW_BYTES = NUMBERS_PER_ROW * 4;
/** What reads past the end of a text finds zeros in so many bytes. */
const SLACK = 64;
/** Texts and answers that need more are left to others: what memory has once, it keeps. */
const MAX_MEMORY = 32 * 1024 * 1024;

const wasm = instantiate();
const layout: Layout = wasm === null ? { fields: 0, notes: 0, program: 0, text: 0 } : placeTables(wasm);

/** Where a program will stand when it runs. */
export const PROGRAM_AT = layout.program;

/** Memory as bytes and as numbers; made anew when it has grown. */
let bytes = new Uint8Array(wasm?.memory.buffer ?? new ArrayBuffer(0));
let numbers = new Uint32Array(bytes.buffer);

/**
 * Finds the fields of a list of runs. Null for anything but such a list in its usual spelling,
 * whatever is the matter with it: there are others to read or refuse it.
 */
export function scan(body: Body): Scan | null {
  const slotsAt = placeBehind(body);
  if (wasm === null || !reserve(slotsAt + MAX_ROWS * ROW_BYTES)) return null;
  const end = copyIn(body);
  if (!isUtf8(bytes.subarray(layout.text, end))) return null;
  const rowCount = wasm.scanRuns(layout.text, layout.fields, slotsAt, MAX_ROWS, layout.notes);
  if (rowCount < 0) return null;
  const [slots, notes] = [slotsAt / 4, layout.notes / 4];
  return {
    rowCount,
    slots: numbers.slice(slots, slots + rowCount * NUMBERS_PER_ROW),
    ascending: numbers[notes] === 1,
    descending: numbers[notes + 1] === 1,
    differs: numbers[notes + 2] === 1,
    firstRowEnd: numbers[notes + 3] ?? 0,
  };
}

/**
 * Writes a program once for each of these rows of a scanned text, with commas between them. The
 * bytes are good until the next call; null if there is no room for them.
 */
export function write(body: Body, { slots }: Scan, rows: Uint32Array, program: Program): Uint8Array | null {
  const slotsAt = placeBehind(body);
  const rowsAt = slotsAt + slots.byteLength;
  const out = rowsAt + rows.byteLength;
  const most = rows.length * program.ownBytes + body.length * program.copies + SLACK;
  if (wasm === null || !reserve(out + most)) return null;
  copyIn(body);
  bytes.set(program.bytes, layout.program);
  numbers.set(slots, slotsAt / 4);
  const list = rowsAt / 4;
  for (let i = 0; i < rows.length; i++) numbers[list + i] = slotsAt + (rows[i] ?? 0) * ROW_BYTES;
  const end = wasm.writeRows(layout.text, rowsAt, rows.length, layout.program, program.steps, out);
  return bytes.subarray(out, end);
}

/** The place behind a text. */
function placeBehind(body: Body): number {
  return align(layout.text + body.length + SLACK);
}

/** Where the text ends. */
function copyIn(body: Body): number {
  let at = layout.text;
  for (const piece of body.pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.fill(0, at, at + SLACK);
  return at;
}

function reserve(end: number): boolean {
  if (wasm === null || end > MAX_MEMORY) return false;
  if (end > bytes.length) {
    wasm.memory.grow(Math.ceil((end - bytes.length) / PAGE_BYTES));
    bytes = new Uint8Array(wasm.memory.buffer);
    numbers = new Uint32Array(wasm.memory.buffer);
  }
  return true;
}
