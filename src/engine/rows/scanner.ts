import { isUtf8 } from 'node:buffer';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { Body } from '../../wire/body.ts';
import { align, instantiate, type Layout, PAGE_BYTES, placeTables } from './scanner-module.ts';
import { SLOTTED_FIELDS } from './slots.ts';

/** Where the fields of a text's rows are. */
export interface Scan {
  /** Tells this scan from all others. */
  readonly id: number;
  readonly body: Body;
  readonly rowCount: number;
  /** Of each row and field: start and end in the text, both 0 for null. */
  readonly slots: Uint32Array;
  /** Whether each row lies strictly behind the one before it, in one order or in the other. */
  readonly ascending: boolean;
  readonly descending: boolean;
  /** Whether an enum value is not known, or the first row has other fields than are known. */
  readonly differs: boolean;
  readonly firstRowEnd: number;
}

/** How a row is written; made by `row-program.ts`. */
export interface CopyProgram {
  readonly bytes: Uint8Array;
  readonly steps: number;
  /** The most bytes of one row that are not copied from its text. */
  readonly ownBytes: number;
  /** Slots of fields, and how often each is copied at most. */
  readonly copies: readonly (readonly [slot: number, times: number])[];
}

/** Start and end of each field. */
export const NUMBERS_PER_ROW = SLOTTED_FIELDS.length * 2;
const ROW_BYTES = NUMBERS_PER_ROW * 4;
/** What reads past the end of a text finds zeros in so many bytes. */
const SLACK = 64;
/** Texts and answers that need more are left to others: what memory has once, it keeps. */
const MAX_MEMORY = 32 * 1024 * 1024;

const wasm = instantiate();
const layout: Layout = wasm === null ? { fields: 0, summary: 0, program: 0, text: 0 } : placeTables(wasm);

/** Where a program will stand when it runs. */
export const PROGRAM_AT = layout.program;

/** Memory as bytes and as numbers; made anew when it has grown. */
let bytes = new Uint8Array(wasm?.memory.buffer ?? new ArrayBuffer(0));
let numbers = new Uint32Array(bytes.buffer);

let scans = 0;
/**
 * The scan whose text and slots are in memory now, so that what was scanned a moment ago needn't be
 * copied in again; 0 for none. Set by `scan` and `write` alone, after they have put them there.
 */
let resident = 0;

/**
 * Finds the fields of a list of runs. Null for anything but such a list in canonical form, whatever
 * is the matter with it: there are others to read or refuse it.
 */
export function scan(body: Body): Scan | null {
  resident = 0;
  const slotsAt = addressBehind(body);
  if (wasm === null || !reserve(slotsAt + MAX_LIST_ROWS * ROW_BYTES)) return null;
  const end = copyIn(body);
  if (!isUtf8(bytes.subarray(layout.text, end))) return null;
  const rowCount = wasm.scanRuns(layout.text, end, layout.fields, slotsAt, MAX_LIST_ROWS, layout.summary);
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
    differs: numbers[summary + 2] === 1,
    firstRowEnd: numbers[summary + 3] ?? 0,
  };
}

/**
 * Writes a program once for each of these rows of a scanned text, with commas between them. The
 * bytes are good until the next call; null if there is no room for them.
 */
export function write({ id, body, slots }: Scan, rows: Uint32Array, program: CopyProgram): Uint8Array | null {
  const slotsAt = addressBehind(body);
  const rowsAt = slotsAt + slots.byteLength;
  const out = rowsAt + rows.byteLength;
  if (wasm === null || !reserve(out + mostBytes(slots, rows, program))) return null;
  if (resident !== id) {
    copyIn(body);
    numbers.set(slots, slotsAt / 4);
    resident = id;
  }
  bytes.set(program.bytes, layout.program);
  const list = rowsAt / 4;
  for (let i = 0; i < rows.length; i++) numbers[list + i] = slotsAt + (rows[i] ?? 0) * ROW_BYTES;
  const end = wasm.writeRows(layout.text, rowsAt, rows.length, layout.program, program.steps, out);
  return bytes.subarray(out, end);
}

/** The most that is written. */
function mostBytes(slots: Uint32Array, rows: Uint32Array, { ownBytes, copies }: CopyProgram): number {
  let most = rows.length * ownBytes + SLACK;
  for (const [slot, times] of copies) {
    let length = 0;
    for (let i = 0; i < rows.length; i++) {
      const at = (rows[i] ?? 0) * NUMBERS_PER_ROW + 2 * slot;
      length += (slots[at + 1] ?? 0) - (slots[at] ?? 0);
    }
    // Each is written sixteen bytes at a time, but over what comes behind it.
    most += length * times;
  }
  return Math.ceil(most);
}

function addressBehind(body: Body): number {
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
