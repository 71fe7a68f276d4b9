import type { Rows } from '../lists/list.ts';
import type { Run } from '../runs/run.ts';
import { decodeRunList, type ReadRunList } from '../upstream/letta/decode/decode-runs.ts';
import { RowCompiler } from './rows/compile-row.ts';
import { createRowsWriter } from './rows/copied-rows.ts';
import { ScannedRows, scannedRowOf } from './rows/scanned-rows.ts';
import { createScanner } from './rows/scanner.ts';
import { RUN_TABLE } from './run-table.ts';

const scanner = createScanner(RUN_TABLE);
const rowOf = scannedRowOf(RUN_TABLE);

export const runCompiler = new RowCompiler(RUN_TABLE);
export const writeRuns = createRowsWriter(RUN_TABLE, scanner);

/**
 * Reads a list of runs. If the scanner finds all values, the rows stay text; otherwise the list is decoded.
 *
 * @throws as {@link decodeRunList}
 */
export const readRunList: ReadRunList = (body, memory) => {
  const scan = scanner?.scan(body) ?? null;
  if (scan === null) return decodeRunList(body, memory);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scanned rows have the fields of the table.
  const page = new ScannedRows(scan, rowOf) as unknown as Rows<Run>;
  return { page, orders: scan.orders, copied: page.length, bytes: body.length };
};
