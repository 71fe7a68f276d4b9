import { parseJson } from '../json/parse-json.ts';
import type { Run } from '../runs/run.ts';
import type { Body } from '../upstream/body.ts';
import { decodeRunList, type RunList } from '../upstream/letta/decode/decode-runs.ts';
import { type ReportDrift, reportRunDrift } from '../upstream/letta/decode/drift.ts';
import { createRows, type ScannedPage } from './rows/index.ts';
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
  return page === null ? decodeRunList(body) : new ScannedRunList(page);
}

/** A class: V8 keeps what an object literal with a getter refers to, here the body, until a full garbage collection. */
class ScannedRunList implements RunList {
  readonly page: ScannedPage<Run>;

  constructor(page: ScannedPage<Run>) {
    this.page = page;
  }

  get orders(): RunList['orders'] {
    return this.page.scan.orders;
  }

  get copied(): number {
    return this.page.length;
  }

  reportDrift(report: ReportDrift): void {
    const { hasNewValues, newFieldsIn } = this.page.scan;
    const firstRow = newFieldsIn && parseJson(newFieldsIn.toString('utf8'));
    if (hasNewValues || firstRow !== null) reportRunDrift(hasNewValues ? this.page : [], firstRow, report);
  }
}
