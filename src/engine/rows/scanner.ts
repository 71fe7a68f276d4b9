import { isUtf8 } from 'node:buffer';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import { memoize } from '../../runs/memoize.ts';
import type { Body } from '../../upstream/body-chunks.ts';
import { encodeProgram } from './encode-program.ts';
import { NUMBERS_PER_ROW, ROW_BYTES } from './row-layout.ts';
import type { RowProgram } from './row-program.ts';
import { align, instantiate, MAX_PROGRAM_BYTES, placeFields } from './scanner-module.ts';

/** The positions of the fields in a list of rows. */
export interface Scan {
  readonly body: Body;
  readonly rowCount: number;
  /** The rows as in the scanner's memory: for each field, start and end in the text, both 0 for null. */
  readonly slots: Uint32Array;
  /** The orders in which the rows are strictly sorted. */
  readonly orders: readonly ('asc' | 'desc')[];
}

/** Rows of a scan, each once, by their numbers in it. */
export interface RowNumbers {
  readonly length: number;
  numberAt(index: number): number;
}

const ORDERS = ['asc', 'desc'] as const;
/** Zero bytes after the text, for SIMD reads past its end. */
const SLACK = 64;

/** The scanner of lists of runs. Lists and responses that need more than its memory are left to the decoder. */
export const scanner = createScanner();

function createScanner() {
  const wasm = instantiate();
  const layout = placeFields(wasm);
  const encode = memoize((program: RowProgram) => encodeProgram(program, layout.program));
  const bytes = new Uint8Array(wasm.memory.buffer);
  const numbers = new Uint32Array(wasm.memory.buffer);
  /** The scan whose text and slots are in memory, so that it needn't be copied in again. */
  let resident: Scan | undefined;

  /** Returns the first free address after the text of a body. */
  const addressAfter = (body: Body): number => align(layout.text + body.length + SLACK);

  const copyIn = (body: Body): void => {
    let at = layout.text;
    for (const chunk of body.chunks ?? [body.subarray()]) {
      bytes.set(chunk, at);
      at += chunk.length;
    }
    bytes.fill(0, layout.text + body.length, layout.text + body.length + SLACK);
  };

  return {
    /** Finds the fields in a list of rows. Returns null for a text that is no such list, or has other values. */
    scan(body: Body): Scan | null {
      resident = undefined;
      const slotsAt = addressAfter(body);
      if (slotsAt + MAX_LIST_ROWS * ROW_BYTES > bytes.length) return null;
      copyIn(body);
      const { text, fields } = layout;
      if (!isUtf8(bytes.subarray(text, text + body.length))) return null;
      const found = wasm.scanRows(text, text + body.length, fields, slotsAt, MAX_LIST_ROWS);
      if (found < 0) return null;
      const rowCount = found >> 2;
      resident = {
        body,
        rowCount,
        slots: numbers.slice(slotsAt / 4, slotsAt / 4 + rowCount * NUMBERS_PER_ROW),
        orders: ORDERS.filter((_order, index) => (found & (1 << index)) !== 0),
      };
      return resident;
    },

    /**
     * Runs a program for some rows of a scan, and separates the results with commas. The bytes are valid until
     * the next call. Returns null if they need too much memory.
     */
    write(scan: Scan, rows: RowNumbers, program: RowProgram): Uint8Array | null {
      const { body, slots } = scan;
      const code = encode(program);
      const slotsAt = addressAfter(body);
      const rowsAt = slotsAt + slots.byteLength;
      const out = rowsAt + 4 * rows.length;
      if (code.bytes.length > MAX_PROGRAM_BYTES || out > bytes.length) return null;
      if (resident !== scan) {
        resident = undefined;
        copyIn(body);
        numbers.set(slots, slotsAt / 4);
        resident = scan;
      }
      bytes.set(code.bytes, layout.program);
      for (let index = 0; index < rows.length; index++) {
        numbers[rowsAt / 4 + index] = slotsAt + rows.numberAt(index) * ROW_BYTES;
      }
      const { text, program: programAt } = layout;
      try {
        return bytes.subarray(out, wasm.writeRows(text, rowsAt, rows.length, programAt, code.steps, out));
      } catch (error) {
        // The output is last in memory: WebAssembly itself ends a program that writes beyond it.
        if (error instanceof WebAssembly.RuntimeError) return null;
        throw error;
      }
    },
  };
}
