import type { Run } from '../runs/run.ts';
import { decodeRunList, type RunList } from '../upstream/letta/decode/decode-runs.ts';
import type { Body } from '../upstream/response-body.ts';
import { createRows } from './rows/index.ts';
import { RUN_TABLE } from './run-table.ts';

export const RUN_ROWS = createRows(RUN_TABLE);

/**
 * Reads a list of runs. If the scanner finds all of its values, rows stay text; otherwise it is decoded.
 *
 * @throws DecodeError
 * @throws SyntaxError for invalid JSON
 */
export function readRunList(body: Body): RunList {
  const page = RUN_ROWS.scan<Run>(body);
  return page === null ? decodeRunList(body) : { page, orders: page.scan.orders, copied: page.length };
}
