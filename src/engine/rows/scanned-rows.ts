import { parseJson } from '../../json/parse-json.ts';
import type { Rows } from '../../lists/list.ts';
import type { FieldKind } from '../../runs/field.ts';
import { dateTimeOf, instantOf } from '../../runs/instants.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';
import { decodeRunList, type ReadRunList } from '../../upstream/letta/decode/decode-runs.ts';
import { parseBody } from '../../upstream/letta/decode/parse-body.ts';
import { NUMBERS_PER_ROW } from './row-layout.ts';
import { type RowNumbers, type Scan, scanner } from './scanner.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** A run that stays text. A field is parsed when it is accessed, and never if it is only copied. */
export class ScannedRow {
  readonly scan: Scan;
  readonly row: number;

  constructor(scan: Scan, row: number) {
    this.scan = scan;
    this.row = row;
  }

  /** Returns the JSON text of a field; null if the field is null. */
  bytesOf(slot: number): Buffer | null {
    const { body, slots } = this.scan;
    const at = this.row * NUMBERS_PER_ROW + 2 * slot;
    const start = slots[at] ?? 0;
    return start === 0 ? null : body.subarray(start, slots[at + 1]);
  }
}

function define(property: string, read: (row: ScannedRow) => unknown): void {
  Object.defineProperty(ScannedRow.prototype, property, {
    get(this: ScannedRow) {
      return read(this);
    },
  });
}

Object.assign(ScannedRow.prototype, { hasDurationOfLists: true });
RUN_FIELD_LIST.forEach(({ name, kind }, slot) => {
  if (kind === 'config') define(name, (row) => row.bytesOf(slot) && configOf(row));
  else define(name, (row) => valueOf(kind, row.bytesOf(slot)));
  if (kind === 'created') {
    define('createdInstant', (row) => instantOf(String(valueOf('text', row.bytesOf(slot)))));
  }
});

function configOf(row: ScannedRow): object {
  const values = REQUEST_CONFIG_FIELD_LIST.map(
    ({ name, kind }, index) => [name, valueOf(kind, row.bytesOf(RUN_FIELD_LIST.length + index))] as const,
  );
  return Object.fromEntries(values);
}

/** Parses the text of a field. The scanner has checked its type. @throws UpstreamError for an object that is too large */
function valueOf(kind: FieldKind, bytes: Buffer | null): unknown {
  if (bytes === null) return null;
  if (kind === 'object') return parseBody(bytes).value;
  // Most values are texts without escapes, such as those of which a cursor is made.
  const isPlain = bytes[0] === QUOTE && !bytes.includes(BACKSLASH);
  const value = isPlain ? bytes.toString('utf8', 1, bytes.length - 1) : parseJson(bytes.toString('utf8'));
  const isInstant = kind === 'created' || kind === 'instant';
  return isInstant && typeof value === 'string' ? dateTimeOf(value) : value;
}

/** Adjacent rows of a scan, forward or backward. A page that is only copied makes no object for any of them. */
export class ScannedRows implements Rows<ScannedRow>, RowNumbers {
  readonly scan: Scan;
  readonly length: number;
  readonly #first: number;
  readonly #step: 1 | -1;

  constructor(scan: Scan, first = 0, length = scan.rowCount, step: 1 | -1 = 1) {
    this.scan = scan;
    this.length = length;
    this.#first = first;
    this.#step = step;
  }

  numberAt(index: number): number {
    return this.#first + index * this.#step;
  }

  at(index: number): ScannedRow | undefined {
    const at = index < 0 ? this.length + index : index;
    return at >= 0 && at < this.length ? new ScannedRow(this.scan, this.numberAt(at)) : undefined;
  }

  slice(start = 0, end = this.length): ScannedRows {
    const [from = 0, to = 0] = [start, end].map((index) => (index < 0 ? this.length + index : index));
    const first = Math.min(Math.max(from, 0), this.length);
    const length = Math.max(0, Math.min(to, this.length) - first);
    return new ScannedRows(this.scan, this.numberAt(first), length, this.#step);
  }

  toReversed(): ScannedRows {
    const last = this.numberAt(this.length - 1);
    return new ScannedRows(this.scan, last, this.length, this.#step === 1 ? -1 : 1);
  }

  *[Symbol.iterator](): Generator<ScannedRow, undefined> {
    for (let index = 0; index < this.length; index++) {
      yield new ScannedRow(this.scan, this.numberAt(index));
    }
  }
}

/**
 * Reads a list of runs. If the scanner finds all values, the rows stay text; otherwise the list is decoded.
 *
 * @throws as {@link decodeRunList}
 */
export const readRunList: ReadRunList = (body) => {
  const scan = scanner.scan(body);
  if (scan === null) return decodeRunList(body);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Scanned rows have the fields of runs.
  const rows = new ScannedRows(scan) as unknown as Rows<Run>;
  return { rows, orders: scan.orders, copied: rows.length, bytes: body.length };
};
