import type { Rows } from '../../lists/rows.ts';
import type { Row } from './run-table.ts';
import { ScannedRow } from './scanned-row.ts';
import type { RowNumbers, Scan } from './scanner.ts';

/** Adjacent rows of a scan, forward or backward. A page that is only copied makes no object for any of them. */
export class ScannedRows implements Rows<Row>, RowNumbers {
  readonly scan: Scan;
  readonly length: number;
  readonly areDistinct = true;
  readonly #first: number;
  readonly #step: 1 | -1;

  constructor(scan: Scan, first = 0, length = scan.rowCount, step: 1 | -1 = 1) {
    this.scan = scan;
    this.length = length;
    this.#first = first;
    this.#step = step;
  }

  rowAt(index: number): number {
    return this.#first + index * this.#step;
  }

  at(index: number): Row | undefined {
    const at = index < 0 ? this.length + index : index;
    return at >= 0 && at < this.length ? new ScannedRow(this.scan, this.rowAt(at)) : undefined;
  }

  slice(start = 0, end = this.length): ScannedRows {
    const [from, to] = [start, end].map((index) => (index < 0 ? this.length + index : index));
    const first = Math.min(Math.max(from ?? 0, 0), this.length);
    const length = Math.max(0, Math.min(to ?? 0, this.length) - first);
    return new ScannedRows(this.scan, this.rowAt(first), length, this.#step);
  }

  toReversed(): ScannedRows {
    return new ScannedRows(this.scan, this.rowAt(this.length - 1), this.length, this.#step === 1 ? -1 : 1);
  }

  *[Symbol.iterator](): Generator<Row, undefined> {
    for (let index = 0; index < this.length; index++) yield new ScannedRow(this.scan, this.rowAt(index));
  }
}
