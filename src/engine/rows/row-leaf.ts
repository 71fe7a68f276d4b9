import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import { Leaf } from './leaf.ts';
import type { RowProgram } from './row-program.ts';
import { ScannedRun } from './scanned-run.ts';
import { write } from './scanner.ts';
import { writeRow } from './write-row.ts';

/** A run, or a list of runs or edges. */
export class RowLeaf extends Leaf {
  readonly program: RowProgram;
  readonly isList: boolean;

  constructor(rows: readonly Run[], program: RowProgram, isList: boolean) {
    super(rows);
    this.program = program;
    this.isList = isList;
  }

  override writeTo(out: ByteWriter): void {
    if (this.isList) out.text('[');
    this.#writeRows(out, 0, this.rows.length);
    if (this.isList) out.text(']');
  }

  /** Splits rows that don't fit into the scanner's memory at once in halves. */
  #writeRows(out: ByteWriter, start: number, end: number): void {
    const copied = this.#copied(start, end);
    if (copied !== null) return out.bytes(copied);
    if (this.scan === undefined || this.program.copying === null || end - start < 2) {
      for (let at = start; at < end; at++) {
        const run = this.rows[at];
        if (run !== undefined) out.text((at > start ? ',' : '') + writeRow(this.program.steps, run));
      }
      return;
    }
    const middle = Math.floor((start + end) / 2);
    this.#writeRows(out, start, middle);
    out.text(',');
    this.#writeRows(out, middle, end);
  }

  #copied(start: number, end: number): Uint8Array | null {
    const { scan } = this;
    const { copying } = this.program;
    if (scan === undefined || copying === null) return null;
    const numbers = new Uint32Array(end - start);
    for (let at = start; at < end; at++) {
      const run = this.rows[at];
      if (run instanceof ScannedRun) numbers[at - start] = run.row;
    }
    return write(scan, numbers, copying);
  }
}
