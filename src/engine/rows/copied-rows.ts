import type { Rows } from '../../lists/list.ts';
import type { RowProgram } from './row-program.ts';
import { ScannedRow, ScannedRows } from './scanned-rows.ts';
import { type RowNumbers, type Scan, scanner } from './scanner.ts';
import { writeDecodedRow } from './write-decoded-row.ts';

/** A row, or a list of rows or edges: one value to the executor, written by a program. */
export class CopiedRows {
  readonly rows: Rows<object>;
  readonly program: RowProgram;
  readonly isList: boolean;
  /** The scan that all rows belong to; undefined if they belong to several scans, or were decoded. */
  readonly scan: Scan | undefined;

  constructor(rows: Rows<object>, program: RowProgram, isList: boolean) {
    this.rows = rows;
    this.program = program;
    this.isList = isList;
    this.scan = rows instanceof ScannedRows ? rows.scan : scanOf(rows);
  }
}

function scanOf(rows: Rows<object>): Scan | undefined {
  let scan: Scan | undefined;
  for (const row of rows) {
    if (!(row instanceof ScannedRow) || (scan !== undefined && row.scan !== scan)) return undefined;
    ({ scan } = row);
  }
  return scan;
}

/**
 * Writes rows: as bytes that are valid until the next call, or as a text. Copies rows of one scan, and writes any other
 * rows from their values. May stop when the output is longer than `maxBytes`.
 */
export function writeRows({ rows, program, scan }: CopiedRows, maxBytes: number): Uint8Array | string {
  const copied = scan && scanner.write(scan, numbersOf(rows), program);
  if (copied != null) return copied;
  let text = '';
  for (const row of rows) {
    if (text.length > maxBytes) break;
    text += (text === '' ? '' : ',') + writeDecodedRow(program, row, maxBytes - text.length);
  }
  return text;
}

function numbersOf(rows: Rows<object>): RowNumbers {
  if (rows instanceof ScannedRows) return rows;
  const numbers = Array.from(rows, (row) => (row instanceof ScannedRow ? row.row : 0));
  return { length: numbers.length, numberAt: (index) => numbers[index] ?? 0 };
}
