import type { Run } from '../runs/run.ts';
import { decodeRunList, type RunList } from '../upstream/letta/decode/decode-runs.ts';
import type { Body } from '../upstream/response-body.ts';
import { createRowCopier } from './rows/index.ts';
import { RUN_TABLE } from './run-table.ts';

/** Copies the runs of lists. */
export const RUN_ROWS = createRowCopier(RUN_TABLE);

/**
 * Reads a list of runs. If the scanner finds all values, the rows stay text; otherwise the list is decoded.
 *
 * @throws DecodeError
 * @throws SyntaxError for invalid JSON
 */
export function readRunList(body: Body): RunList {
  const page = RUN_ROWS.scan<Run>(body);
  return page === null ? decodeRunList(body) : { page, orders: page.scan.orders, copied: page.length };
}
