import type { Rows } from '../../lists/rows.ts';
import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import { Leaf } from './leaf.ts';
import type { RowProgram } from './row-program.ts';
import { ScannedRows } from './scanned-rows.ts';
import { ScannedRun } from './scanned-run.ts';
import { type RowNumbers, write } from './scanner.ts';
import { writeRow } from './write-row.ts';

/** A run, or a list of runs or edges. */
export class RowLeaf extends Leaf {
  readonly program: RowProgram;
  readonly isList: boolean;

  constructor(rows: Rows<Run>, program: RowProgram, isList: boolean) {
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
  #writeRows(out: ByteWriter, rows: Rows<Run>): void {
    const { scan } = this;
    const { copying, steps } = this.program;
    const copied = scan && copying && write(scan, numbersOf(rows), copying);
    if (copied) return out.bytes(copied);
    if (scan === undefined || copying === null || rows.length < 2) {
      let separator = '';
      for (const run of rows) {
        out.text(separator + writeRow(steps, run));
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

function numbersOf(rows: Rows<Run>): RowNumbers {
  if (rows instanceof ScannedRows) return rows;
  const numbers = Array.from(rows, (run) => (run instanceof ScannedRun ? run.row : 0));
  return { length: numbers.length, areDistinct: false, rowAt: (index) => numbers[index] ?? 0 };
}
