import type { RunOrder } from '../../runs/position.ts';
import type { Body } from '../../wire/body.ts';
import { reportDrift } from '../../wire/drift.ts';
import { parseUpstreamJson } from '../../wire/parse-upstream-json.ts';
import { decodeRunList, type RunList } from '../../wire/run-list.ts';
import { flagsOf, respelled } from './respell.ts';
import { ScannedRows } from './scanned-rows.ts';
import { scan } from './scanner.ts';

const ORDERS: readonly RunOrder[] = ['asc', 'desc'];

/**
 * Reads a list of runs. If the scanner finds all of its values, rows stay text; otherwise it is decoded.
 *
 * @throws DecodeError
 * @throws SyntaxError for invalid JSON
 */
export function readRunList(body: Body): RunList {
  return scannedList(body) ?? decodeRunList(body);
}

function scannedList(body: Body): RunList | null {
  const scanned = scan(body);
  const found = scanned && respelled(scanned);
  if (found === null) return null;
  const { rowCount, flags, newFieldsAt } = found;
  const page = new ScannedRows(found);
  return {
    page,
    get rows() {
      return [...page];
    },
    orders: ORDERS.filter((order) => (order === 'asc' ? found.ascending : found.descending)),
    copied: rowCount,
    reportDrift(report) {
      if (flags === 0 && newFieldsAt === null) return;
      const suspects = flags === 0 ? [] : this.rows.filter((_run, row) => flagsOf(found, row) !== 0);
      const firstRow = newFieldsAt && parseUpstreamJson(body.slice(...newFieldsAt).toString('utf8'));
      reportDrift(suspects, firstRow, report);
    },
  };
}
