import type { RunOrder } from '../runs/query.ts';
import type { Run } from '../runs/run.ts';
import type { Body } from './body.ts';
import type { BodyEncoding } from './body-text.ts';
import { decodeRuns } from './decode-run.ts';
import { type DriftKind, reportDrift } from './drift.ts';
import { parseJson } from './parse-json.ts';
import { ScannedRun } from './scanned-run.ts';
import { scan } from './scanner.ts';

/** One answer of the list. */
export interface RunList {
  readonly rows: readonly Run[];
  /** The orders in which each row is known to lie strictly behind the one before it. */
  readonly orders: readonly RunOrder[];
  /** Tells what differs from the release that this program knows. */
  reportDrift(report: (kind: DriftKind, value: string) => void): void;
}

/**
 * Reads a list of runs. Those that are to be passed on as they are, in Latin-1, stay text if they
 * are spelled as usual.
 *
 * @throws DecodeError
 * @throws SyntaxError for what is not JSON
 */
export function readRunList(body: Body, encoding: BodyEncoding): RunList {
  return (encoding === 'latin1' ? scannedList(body) : null) ?? parse(body.text(encoding));
}

const ORDERS: readonly RunOrder[] = ['asc', 'desc'];

function scannedList(body: Body): RunList | null {
  const found = scan(body);
  if (found === null) return null;
  const source = { body, scan: found };
  const rows: Run[] = [];
  for (let row = 0; row < found.rowCount; row++) rows.push(new ScannedRun(source, row));
  return {
    rows,
    orders: ORDERS.filter((order) => (order === 'asc' ? found.ascending : found.descending)),
    reportDrift(report) {
      if (!found.differs) return;
      reportDrift(rows, JSON.parse(body.slice(1, found.firstRowEnd).toString('latin1')), report);
    },
  };
}

function parse(text: string): RunList {
  const json = parseJson(text);
  return listOfRuns(decodeRuns(json), Array.isArray(json) ? json[0] : undefined);
}

/** @param firstRow as it was on the wire */
export function listOfRuns(rows: readonly Run[], firstRow?: unknown): RunList {
  return {
    rows,
    orders: [],
    reportDrift(report) {
      reportDrift(rows, firstRow, report);
    },
  };
}
