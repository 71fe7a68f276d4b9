import type { Run } from '../../runs/run.ts';
import type { ByteWriter } from '../answer/byte-writer.ts';
import { ScannedRun } from './scanned-run.ts';
import type { Scan } from './scanner.ts';

/** A part of an answer that is one value to the executor, and is written by a program. */
export abstract class Leaf {
  readonly rows: readonly Run[];
  /** The scan that all its rows belong to; undefined if there is no common one. */
  readonly scan: Scan | undefined;

  constructor(rows: readonly Run[]) {
    this.rows = rows;
    this.scan = scanOf(rows);
  }

  /** @throws ResponseTooLargeError */
  abstract writeTo(out: ByteWriter): void;
}

function scanOf(rows: readonly Run[]): Scan | undefined {
  const [first] = rows;
  if (!(first instanceof ScannedRun)) return undefined;
  const { scan } = first;
  return rows.every((run) => run instanceof ScannedRun && run.scan === scan) ? scan : undefined;
}
