import type { Rows } from '../../lists/rows.ts';
import type { RowProgram } from './row-program.ts';
import { ScannedRow, ScannedRows } from './scanned-rows.ts';
import type { Scan, Scanner } from './scanner.ts';
import type { RowTable } from './table.ts';
import { createRowWriter } from './write-row.ts';

/** A row, or a list of rows or edges: one value to the executor, written by a program. */
export class RowLeaf {
  readonly rows: Rows<object>;
  readonly program: RowProgram;
  readonly isList: boolean;
  /** The scan that all its rows belong to; undefined if there is no common one. */
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

/** Writes the rows of a leaf, in pieces that are valid until the next one. */
export type WriteLeaf = (
  leaf: Pick<RowLeaf, 'rows' | 'program' | 'scan'>,
  add: (piece: Uint8Array) => void,
) => void;

/** Returns a function that copies rows which were scanned together, and writes others from their values. */
export function createLeafWriter(table: RowTable, scanner: Scanner | null): WriteLeaf {
  const writeRow = createRowWriter(table);
  return ({ rows, program, scan }, add) => {
    const copied = scan && scanner?.write(scan, numbersOf(rows), program);
    if (copied != null) return add(copied);
    let separator = '';
    for (const row of rows) {
      add(Buffer.from(separator + writeRow(program, row)));
      separator = ',';
    }
  };
}

/** Returns the numbers of rows in their scan. */
function numbersOf(rows: Rows<object>): Uint32Array {
  const numbers = new Uint32Array(rows.length);
  if (rows instanceof ScannedRows) {
    for (let index = 0; index < rows.length; index++) numbers[index] = rows.numberAt(index);
  } else {
    let index = 0;
    for (const row of rows) numbers[index++] = row instanceof ScannedRow ? row.row : 0;
  }
  return numbers;
}
