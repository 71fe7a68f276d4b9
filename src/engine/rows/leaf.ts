import type { Rows } from '../../lists/rows.ts';
import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import { ScannedRows } from './scanned-rows.ts';
import { ScannedRun } from './scanned-run.ts';
import type { Scan } from './scanner.ts';

/** A part of an answer that is one value to the executor, and is written by a program. */
export abstract class Leaf {
  readonly rows: Rows<Run>;
  /** The scan that all its rows belong to; undefined if there is no common one. */
  readonly scan: Scan | undefined;

  constructor(rows: Rows<Run>) {
    this.rows = rows;
    this.scan = rows instanceof ScannedRows ? rows.scan : scanOf(rows);
  }

  /** @throws ResponseTooLargeError */
  abstract writeTo(out: ByteWriter): void;
}

function scanOf(rows: Rows<Run>): Scan | undefined {
  let scan: Scan | undefined;
  for (const run of rows) {
    if (!(run instanceof ScannedRun) || (scan !== undefined && run.scan !== scan)) return undefined;
    ({ scan } = run);
  }
  return scan;
}
