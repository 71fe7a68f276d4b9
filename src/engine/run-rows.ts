import type { Rows } from '../lists/list.ts';
import type { Run } from '../runs/run.ts';
import { decodeRunList, type ReadRunList } from '../upstream/letta/decode/decode-runs.ts';
import { ScannedRows } from './rows/scanned-rows.ts';
import { scanner } from './rows/scanner.ts';

/**
 * Reads a list of runs. If the scanner finds all values, the rows stay text; otherwise the list is decoded.
 *
 * @throws as {@link decodeRunList}
 */
export const readRunList: ReadRunList = (body, memory) => {
  const scan = scanner?.scan(body) ?? null;
  if (scan === null) return decodeRunList(body, memory);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scanned rows have the fields of runs.
  const page = new ScannedRows(scan) as unknown as Rows<Run>;
  return { page, orders: scan.orders, copied: page.length, bytes: body.length };
};
