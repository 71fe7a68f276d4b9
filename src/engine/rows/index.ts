import type { Rows } from '../../lists/list.ts';
import type { Body } from '../../upstream/response-body.ts';
import { RowCompiler } from './compile-row.ts';
import { createRowsWriter, type WriteRows } from './copied-rows.ts';
import type { RowTable } from './row-table.ts';
import { ScannedRows, scannedRowOf } from './scanned-rows.ts';
import { createScanner, type Scan } from './scanner.ts';

export { CopiedRows, type WriteRows } from './copied-rows.ts';
export type { RowCompiler } from './compile-row.ts';
export type { RowTable } from './row-table.ts';

/** A list whose rows stay text. */
type ScannedPage<Row> = Rows<Row> & { readonly scan: Scan };

/** Copies the rows of answers from the texts of lists. */
export interface RowCopier {
  readonly compiler: RowCompiler;
  /** Returns null for a text that only the decoder can read. */
  readonly scan: <Row>(body: Body) => ScannedPage<Row> | null;
  readonly write: WriteRows;
}

/** @param table the table that `scanner.wasm` was compiled for */
export function createRowCopier(table: RowTable): RowCopier {
  const scanner = createScanner(table);
  const rowOf = scannedRowOf(table);
  return {
    compiler: new RowCompiler(table),
    write: createRowsWriter(table, scanner),
    scan<Row>(body: Body) {
      const scan = scanner?.scan(body) ?? null;
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scanned rows have the fields of the table.
      return scan && (new ScannedRows(scan, rowOf) as unknown as ScannedPage<Row>);
    },
  };
}
