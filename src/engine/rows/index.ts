import type { Rows } from '../../lists/rows.ts';
import type { Body } from '../../wire/body.ts';
import { RowCompiler } from './compile-row.ts';
import { createLeafWriter, type WriteLeaf } from './row-leaf.ts';
import { ScannedRows, scannedRowOf } from './scanned-rows.ts';
import { createScanner } from './scanner.ts';
import type { RowTable } from './table.ts';

export { RowLeaf, type WriteLeaf } from './row-leaf.ts';
export type { RowCompiler } from './compile-row.ts';
export type { RowProgram } from './row-program.ts';
export type { RowTable } from './table.ts';

/** A list whose rows stay text. */
interface ScannedList<Row> {
  readonly page: Rows<Row>;
  /** The orders in which the rows are strictly sorted. */
  readonly orders: readonly ('asc' | 'desc')[];
  /** Whether an enum has a value that is not in the table. */
  readonly hasNewValues: boolean;
  /** The first row, if it has new or missing fields. */
  readonly newFieldsIn: Buffer | null;
}

/** Copies the rows of answers from the texts of lists. */
export interface CopiedRows {
  readonly compiler: RowCompiler;
  /** Returns null for a text that only the decoder can read. Its rows must be those of the table. */
  readonly scan: <Row>(body: Body) => ScannedList<Row> | null;
  readonly write: WriteLeaf;
}

/** @param table the one that `scanner.wasm` was compiled for */
export function createRows(table: RowTable): CopiedRows {
  const scanner = createScanner(table);
  const rowOf = scannedRowOf(table);
  return {
    compiler: new RowCompiler(table),
    write: createLeafWriter(table, scanner),
    scan<Row>(body: Body) {
      const scan = scanner?.scan(body) ?? null;
      if (scan === null) return null;
      const { ascending, descending, hasNewValues, newFieldsIn } = scan;
      return {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scanned rows have the fields of the table.
        page: new ScannedRows(scan, rowOf) as unknown as Rows<Row>,
        orders: [...(ascending ? ['asc' as const] : []), ...(descending ? ['desc' as const] : [])],
        hasNewValues,
        newFieldsIn,
      };
    },
  };
}
