import { isUtf8 } from 'node:buffer';
import { readFileSync } from 'node:fs';
import type { Body } from './body.ts';
import { FIELDS, KINDS } from './fields.ts';

/**
 * What is compiled from `assembly/` by `npm run generate`: code that finds the fields in a list of
 * runs, and writes rows of an answer by copying them.
 *
 * In WebAssembly, because it looks at sixteen bytes at a time. Of a page of 1000 runs (0.85 MB) it
 * finds all fields in 0.3 ms and writes the rows in 0.1 ms; the same in JavaScript took 1.3 and
 * 1.2 ms, and `JSON.parse`, objects and `JSON.stringify` 5 ms. Nothing is left for the garbage collector.
 *
 * It has one memory, in which nothing outlives a call: whoever calls copies in what is needed, and
 * out what was made. Tables and the program come first, then the text, the slots of its rows, the
 * list of rows to write, and what is written.
 */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly freeFrom: WebAssembly.Global<'i32'>;
  readonly ROW: WebAssembly.Global<'i32'>;
  readonly ascending: WebAssembly.Global<'i32'>;
  readonly descending: WebAssembly.Global<'i32'>;
  readonly differs: WebAssembly.Global<'i32'>;
  readonly firstRowEnd: WebAssembly.Global<'i32'>;
  scanRuns(text: number, fields: number, slots: number, maxRows: number): number;
  writeRows(text: number, rows: number, count: number, program: number, steps: number, out: number): number;
}

/** Where the fields of a text's rows are. */
export interface Scan {
  readonly rowCount: number;
  /** Of each row and field: start and end in the text, both 0 for null. */
  readonly slots: Uint32Array;
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
/** What reads past the end of a text finds zeros in so many bytes. */
const SLACK = 64;
const FIELD_BYTES = 80;
/** What fits between the tables and the text. */
export const MAX_PROGRAM_BYTES = 32 * 1024;
/** Texts and answers that need more are left to others: what memory has once, it keeps. */
const MAX_MEMORY = 64 * 1024 * 1024;
const PAGE = 64 * 1024;

const wasm = instantiate();
const layout = wasm && placeTables(wasm);

/** Where a program will stand when it runs. */
export const PROGRAM_AT = layout?.program ?? 0;

/**
 * Finds the fields of a list of runs. Null for anything but such a list in its usual spelling,
 * whatever is the matter with it: there are others to read or refuse it.
 */
export function scan(body: Body): Scan | null {
  if (wasm === null || layout === null) return null;
  const slotsAt = place(body.length);
  if (!reserve(slotsAt + MAX_ROWS * wasm.ROW.value)) return null;
  if (!isUtf8(copyIn(body))) return null;
  const rowCount = wasm.scanRuns(layout.text, layout.fields, slotsAt, MAX_ROWS);
  if (rowCount < 0) return null;
  return {
    rowCount,
    slots: new Uint32Array(wasm.memory.buffer, slotsAt, (rowCount * wasm.ROW.value) / 4).slice(),
    ascending: wasm.ascending.value === 1,
    descending: wasm.descending.value === 1,
    differs: wasm.differs.value === 1,
    firstRowEnd: wasm.firstRowEnd.value,
  };
}

/**
 * Writes a program once for each of these rows of a scanned text, with commas between them. The
 * bytes are good until the next call; null if there is no room for them.
 */
export function write(
  body: Body,
  { slots }: Scan,
  rows: readonly number[],
  program: Program,
): Uint8Array | null {
  if (wasm === null || layout === null) return null;
  const slotsAt = place(body.length);
  const rowsAt = slotsAt + slots.byteLength;
  const out = rowsAt + rows.length * 4;
  const most = rows.length * program.ownBytes + body.length * program.copies + SLACK;
  if (!reserve(out + most)) return null;
  copyIn(body);
  const bytes = new Uint8Array(wasm.memory.buffer);
  bytes.set(program.bytes, layout.program);
  new Uint32Array(wasm.memory.buffer, slotsAt, slots.length).set(slots);
  const rowBytes = wasm.ROW.value;
  new Uint32Array(wasm.memory.buffer, rowsAt, rows.length).set(rows.map((row) => slotsAt + row * rowBytes));
  const end = wasm.writeRows(layout.text, rowsAt, rows.length, layout.program, program.steps, out);
  return bytes.subarray(out, end);
}

/** Where the slots of a text of so many bytes stand. */
function place(textBytes: number): number {
  return align((layout?.text ?? 0) + textBytes + SLACK);
}

function copyIn(body: Body): Uint8Array {
  const bytes = new Uint8Array(wasm?.memory.buffer ?? new ArrayBuffer(0));
  const start = layout?.text ?? 0;
  let at = start;
  for (const piece of body.pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  bytes.fill(0, at, at + SLACK);
  return bytes.subarray(start, at);
}

function reserve(end: number): boolean {
  if (wasm === null || end > MAX_MEMORY) return false;
  const missing = end - wasm.memory.buffer.byteLength;
  if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE));
  return true;
}

function align(address: number): number {
  return (address + 15) & ~15;
}

/** Null on a machine without the instructions for sixteen bytes at a time: pages are parsed there. */
function instantiate(): Exports | null {
  const code = readFileSync(new URL('scanner.wasm', import.meta.url));
  if (!WebAssembly.validate(code)) return null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What `assembly/index.ts` exports.
  return new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as Exports;
}

/** Writes the table of the fields and those of their words, to stay there. */
function placeTables({ memory, freeFrom }: Exports): { fields: number; program: number; text: number } {
  const fields = align(freeFrom.value);
  const words = FIELDS.map(({ words: known = [] }) => known);
  let at = fields + FIELDS.length * FIELD_BYTES;
  const tables = words.map((known) => {
    const table = wordTable(
      known.map((word) => [word, '']),
      at,
    );
    const placed = { at, table };
    at = align(at + table.length);
    return placed;
  });
  const program = at;
  const text = align(program + MAX_PROGRAM_BYTES);
  memory.grow(Math.max(0, Math.ceil((text - memory.buffer.byteLength) / PAGE)));
  const bytes = Buffer.from(memory.buffer);
  FIELDS.forEach(({ key, kind }, index) => {
    const start = fields + index * FIELD_BYTES;
    const length = bytes.write(`"${key}":`, start, 'latin1');
    bytes.fill(0xff, start + 32, start + 32 + length);
    bytes.writeUInt32LE(length, start + 64);
    bytes.writeUInt32LE(KINDS.indexOf(kind), start + 68);
    bytes.writeUInt32LE(tables[index]?.at ?? 0, start + 72);
  });
  for (const { at: start, table } of tables) bytes.set(table, start);
  return { fields, program, text };
}

/** Words and what each is written as, as a table that `assembly/words.ts` reads at an address. */
export function wordTable(
  words: readonly (readonly [word: string, written: string])[],
  address: number,
  [ofNull, ofOthers]: readonly [string, string] = ['', ''],
): Buffer {
  const rows = [['', ofNull], ['', ofOthers], ...words] as const;
  const head = 4 + rows.length * 16;
  const texts = Buffer.from(rows.flat().join(''), 'latin1');
  const table = Buffer.alloc(head + texts.length);
  table.writeUInt32LE(words.length, 0);
  let at = address + head;
  let offset = 4;
  for (const text of rows.flat()) {
    table.writeUInt32LE(at, offset);
    table.writeUInt32LE(text.length, offset + 4);
    at += text.length;
    offset += 8;
  }
  table.set(texts, head);
  return table;
}
