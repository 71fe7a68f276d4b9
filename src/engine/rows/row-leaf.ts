import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../byte-writer.ts';
import type { RowProgram } from './row-program.ts';
import { ScannedRun } from './scanned-run.ts';
import { type Scan, write } from './scanner.ts';
import { writeRow } from './write-row.ts';

/** Rows of an answer as the executor sees them: one value, which is written by a program. */
export class RowLeaf {
  readonly rows: readonly Run[];
  readonly program: RowProgram;
  readonly isList: boolean;
  /** The text that all its rows are of; undefined where they are not. */
  readonly scan: Scan | undefined;

  constructor(rows: readonly Run[], program: RowProgram, isList: boolean) {
    this.rows = rows;
    this.program = program;
    this.isList = isList;
    this.scan = scanOf(rows);
  }

  /** @throws ResponseTooLargeError */
  writeTo(out: ByteWriter): void {
    if (this.isList) out.text('[');
    const copied = this.#copied();
    if (copied !== null) out.bytes(copied);
    else {
      this.rows.forEach((run, index) => {
        out.text((index > 0 ? ',' : '') + writeRow(this.program.steps, run));
      });
    }
    if (this.isList) out.text(']');
  }

  #copied(): Uint8Array | null {
    const { scan } = this;
    const { copying } = this.program;
    if (scan === undefined || copying === null) return null;
    const numbers = new Uint32Array(this.rows.length);
    for (const [index, run] of this.rows.entries()) if (run instanceof ScannedRun) numbers[index] = run.row;
    return write(scan, numbers, copying);
  }
}

function scanOf(rows: readonly Run[]): Scan | undefined {
  const [first] = rows;
  if (!(first instanceof ScannedRun)) return undefined;
  const { scan } = first;
  return rows.every((run) => run instanceof ScannedRun && run.scan === scan) ? scan : undefined;
}
