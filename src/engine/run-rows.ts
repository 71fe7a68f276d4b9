import { parseJson } from '../json/parse-json.ts';
import type { Run } from '../runs/run.ts';
import type { Body } from '../wire/body.ts';
import { reportDrift } from '../wire/drift.ts';
import { decodeRunList, type RunList } from '../wire/run-list.ts';
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
  const scanned = RUN_ROWS.scan<Run>(body);
  if (scanned === null) return decodeRunList(body);
  const { page, orders, hasNewValues, newFieldsIn } = scanned;
  return {
    page,
    orders,
    copied: page.length,
    get rows() {
      return [...page];
    },
    reportDrift(report) {
      const firstRow = newFieldsIn && parseJson(newFieldsIn.toString('utf8'));
      if (hasNewValues || firstRow !== null) reportDrift(hasNewValues ? [...page] : [], firstRow, report);
    },
  };
}
