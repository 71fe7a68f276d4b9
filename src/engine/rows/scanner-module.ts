import { readFileSync } from 'node:fs';
import { FIELD_KINDS } from '../../runs/field.ts';
import { SLOTTED_FIELDS } from './row-layout.ts';

/**
 * The scanner, compiled from `assembly/` by `npm run generate`. Its memory, which `scanner.ts` manages, has the table of
 * fields, a program, the text, the slots of its rows, the list of rows to write, and the output.
 */
interface Exports {
  readonly memory: WebAssembly.Memory;
  readonly freeFrom: WebAssembly.Global<'i32'>;
  scanRows(text: number, end: number, fields: number, slots: number, maxRows: number): number;
  writeRows(text: number, rows: number, count: number, program: number, steps: number, out: number): number;
}

/** The space for a program between the table of fields and the text. */
export const MAX_PROGRAM_BYTES = 2 * 1024 * 1024;
/** The size of the memory. The system provides no memory for pages that are never used. */
const MEMORY_BYTES = 32 * 1024 * 1024;
/** The size of a WebAssembly memory page. */
const PAGE_BYTES = 64 * 1024;
const FIELD_BYTES = 80;
/** The maximum length of a key with its quotes and colon. */
const MAX_KEY_BYTES = 32;

export function instantiate(): Exports {
  const code = readFileSync(new URL('scanner.wasm', import.meta.url));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The exports of `assembly/index.ts`.
  return new WebAssembly.Instance(new WebAssembly.Module(code)).exports as unknown as Exports;
}

/** Writes the table of the fields to memory, where it stays. Returns the addresses of what has a fixed position. */
export function placeFields({ memory, freeFrom }: Exports) {
  const fields = align(freeFrom.value);
  const program = align(fields + SLOTTED_FIELDS.length * FIELD_BYTES);
  const text = align(program + MAX_PROGRAM_BYTES);
  memory.grow((MEMORY_BYTES - memory.buffer.byteLength) / PAGE_BYTES);
  const all = Buffer.from(memory.buffer);
  SLOTTED_FIELDS.forEach(({ wire, kind }, index) => {
    const start = fields + index * FIELD_BYTES;
    const key = `"${wire}":`;
    const { length } = key;
    if (length > MAX_KEY_BYTES) throw new RangeError(`${wire} is too long for the scanner's table of fields`);
    all.write(key, start, 'latin1');
    all.fill(0xff, start + 32, start + 32 + length);
    all.writeUInt32LE(length, start + 64);
    all.writeUInt32LE(FIELD_KINDS.indexOf(kind), start + 68);
  });
  return { fields, program, text };
}

/** Rounds up to a multiple of 16, for aligned SIMD access. */
export function align(address: number): number {
  return (address + 15) & ~15;
}
