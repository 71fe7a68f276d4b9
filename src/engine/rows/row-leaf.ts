import type { Rows } from '../../lists/rows.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import type { RowProgram } from './row-program.ts';
import type { Row } from './run-table.ts';
import { ScannedRow } from './scanned-row.ts';
import { ScannedRows } from './scanned-rows.ts';
import { type RowNumbers, type Scan, write } from './scanner.ts';
import { writeRow } from './write-row.ts';

/** A part of an answer that is one value to the executor, and is written by a program. */
export abstract class Leaf {
  readonly rows: Rows<Row>;
  /** The scan that all its rows belong to; undefined if there is no common one. */
  readonly scan: Scan | undefined;

  constructor(rows: Rows<Row>) {
    this.rows = rows;
    this.scan = rows instanceof ScannedRows ? rows.scan : scanOf(rows);
  }

  /** @throws ResponseTooLargeError */
  abstract writeTo(out: ByteWriter): void;
}

function scanOf(rows: Rows<Row>): Scan | undefined {
  let scan: Scan | undefined;
  for (const row of rows) {
    if (!(row instanceof ScannedRow) || (scan !== undefined && row.scan !== scan)) return undefined;
    ({ scan } = row);
  }
  return scan;
}

/** A row, or a list of rows or edges. */
export class RowLeaf extends Leaf {
  readonly program: RowProgram;
  readonly isList: boolean;

  constructor(rows: Rows<Row>, program: RowProgram, isList: boolean) {
    super(rows);
    this.program = program;
    this.isList = isList;
  }

  override writeTo(out: ByteWriter): void {
    if (this.isList) out.text('[');
    this.#writeRows(out, this.rows);
    if (this.isList) out.text(']');
  }

  /** Splits rows that don't fit into the scanner's memory at once in halves. */
  #writeRows(out: ByteWriter, rows: Rows<Row>): void {
    const { scan } = this;
    const { copying, steps } = this.program;
    const copied = scan && copying && write(scan, numbersOf(rows), copying);
    if (copied) return out.bytes(copied);
    if (scan === undefined || copying === null || rows.length < 2) {
      let separator = '';
      for (const row of rows) {
        out.text(separator + writeRow(steps, row));
        separator = ',';
      }
      return;
    }
    const middle = Math.floor(rows.length / 2);
    this.#writeRows(out, rows.slice(0, middle));
    out.text(',');
    this.#writeRows(out, rows.slice(middle));
  }
}

function numbersOf(rows: Rows<Row>): RowNumbers {
  if (rows instanceof ScannedRows) return rows;
  const numbers = Array.from(rows, (row) => (row instanceof ScannedRow ? row.row : 0));
  return { length: numbers.length, areDistinct: false, rowAt: (index) => numbers[index] ?? 0 };
}
