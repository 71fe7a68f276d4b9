import { parseInputJson } from '../../json/parse-json.ts';
import type { RunOrder } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import type { Body } from '../../wire/body.ts';
import { reportDrift } from '../../wire/drift.ts';
import { decodeRunList, type RunList } from '../../wire/run-list.ts';
import { ScannedRun } from './scanned-run.ts';
import { scan } from './scanner.ts';

const ORDERS: readonly RunOrder[] = ['asc', 'desc'];

/**
 * Reads a list of runs. In canonical form it is scanned, and its rows stay text; otherwise it is decoded.
 *
 * @throws DecodeError
 * @throws SyntaxError for invalid JSON
 */
export function readRunList(body: Body): RunList {
  return scannedList(body) ?? decodeRunList(body);
}

function scannedList(body: Body): RunList | null {
  const found = scan(body);
  if (found === null) return null;
  const rows: Run[] = [];
  for (let row = 0; row < found.rowCount; row++) rows.push(new ScannedRun(found, row));
  return {
    rows,
    orders: ORDERS.filter((order) => (order === 'asc' ? found.ascending : found.descending)),
    copied: rows.length,
    reportDrift(report) {
      if (!found.differs) return;
      reportDrift(rows, parseInputJson(body.slice(1, found.firstRowEnd).toString('utf8')), report);
    },
  };
}
