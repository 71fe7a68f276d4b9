import { parseJson } from '../../json/parse-json.ts';
import type { Run } from '../../runs/run.ts';
import type { Body } from '../../wire/body.ts';
import { type ReportDrift, reportDrift } from '../../wire/drift.ts';
import { decodeRunList, type RunList } from '../../wire/run-list.ts';
import { flagsOf, respelled } from './respell.ts';
import { ScannedRows } from './scanned-rows.ts';
import { type Scan, scan } from './scanner.ts';

const ORDERS = ['asc', 'desc'] as const;

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
  return found && new ScannedList(found, body);
}

class ScannedList implements RunList {
  readonly page: ScannedRows;
  readonly orders: RunList['orders'];
  readonly copied: number;
  readonly #scan: Scan;
  readonly #body: Body;

  /** @param body as the API sent it */
  constructor(found: Scan, body: Body) {
    this.page = new ScannedRows(found);
    this.orders = ORDERS.filter((order) => (order === 'asc' ? found.ascending : found.descending));
    this.copied = found.rowCount;
    this.#scan = found;
    this.#body = body;
  }

  get rows(): readonly Run[] {
    return [...this.page];
  }

  reportDrift(report: ReportDrift): void {
    const { flags, newFieldsAt } = this.#scan;
    if (flags === 0 && newFieldsAt === null) return;
    const suspects = flags === 0 ? [] : this.rows.filter((_run, row) => flagsOf(this.#scan, row) !== 0);
    const firstRow = newFieldsAt && parseJson(this.#body.slice(...newFieldsAt).toString('utf8'));
    reportDrift(suspects, firstRow, report);
  }
}
