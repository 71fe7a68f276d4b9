import type { Run } from '../runs/run.ts';
import { decodeRunList, type ReadRunList } from '../upstream/letta/decode/decode-runs.ts';
import { createRowCopier } from './rows/index.ts';
import { RUN_TABLE } from './run-table.ts';

/** Copies the runs of lists. */
export const RUN_ROWS = createRowCopier(RUN_TABLE);

/**
 * Reads a list of runs. If the scanner finds all values, the rows stay text; otherwise the list is decoded.
 *
 * @throws as {@link decodeRunList}
 */
export const readRunList: ReadRunList = (body, memory) => {
  const page = RUN_ROWS.scan<Run>(body);
  if (page === null) return decodeRunList(body, memory);
  return { page, orders: page.scan.orders, copied: page.length, bytes: body.length };
};
