import { parseJson } from '../../json/parse-json.ts';
import type { FieldKind } from '../../runs/field.ts';
import { dateTimeOf, instantOf } from '../../runs/position.ts';
import { ROW_TABLE, type Row } from './run-table.ts';
import { NUMBERS_PER_ROW, type Scan } from './scanner.ts';
import { slotOf } from './slots.ts';

/** The fields of the table are implemented by the getters below. */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- See above.
export interface ScannedRow extends Row {}

/**
 * A row that stays text. A field is parsed when it is accessed, and never if it is only copied.
 */
// oxlint-disable-next-line typescript/no-unsafe-declaration-merging -- See above.
export class ScannedRow {
  readonly scan: Scan;
  readonly row: number;

  constructor(scan: Scan, row: number) {
    this.scan = scan;
    this.row = row;
  }

  /** Returns the JSON text of a field; null if the field is null. */
  bytesOf(name: string): Buffer | null {
    const { body, slots } = this.scan;
    const at = this.row * NUMBERS_PER_ROW + 2 * slotOf(name);
    const [start = 0, end = 0] = [slots[at], slots[at + 1]];
    return start === 0 ? null : body.slice(start, end);
  }
}

/** The readers need no checks: the scanner has verified the types. */
const READERS: Readonly<Record<FieldKind, (row: ScannedRow, name: string) => unknown>> = {
  id: textOf,
  created: instantTextOf,
  instant: instantTextOf,
  text: textOf,
  'enum value': textOf,
  'enum list': jsonOf,
  boolean: jsonOf,
  int: jsonOf,
  'whole number': jsonOf,
  object: jsonOf,
  config: nestedOf,
};

Object.assign(ScannedRow.prototype, ROW_TABLE.constants);
for (const { name, kind } of ROW_TABLE.fields) {
  const read = READERS[kind];
  define(name, (row) => read(row, name));
  if (kind === 'created') define(ROW_TABLE.instant, (row) => instantOf(textOf(row, name) ?? '') ?? '');
}

function define(property: string, read: (row: ScannedRow) => unknown): void {
  Object.defineProperty(ScannedRow.prototype, property, {
    get(this: ScannedRow) {
      return read(this);
    },
  });
}

function nestedOf(row: ScannedRow, property: string): unknown {
  if (row.bytesOf(property) === null) return null;
  return Object.fromEntries(
    ROW_TABLE.nested.fields.map(({ name, kind }) => [name, READERS[kind](row, name)] as const),
  );
}

function instantTextOf(row: ScannedRow, name: string): string | null {
  const text = textOf(row, name);
  return text === null ? null : dateTimeOf(text);
}

function jsonOf(row: ScannedRow, name: string): unknown {
  const bytes = row.bytesOf(name);
  return bytes === null ? null : parseJson(bytes.toString('utf8'));
}

function textOf(row: ScannedRow, name: string): string | null {
  const bytes = row.bytesOf(name);
  if (bytes === null) return null;
  const text = bytes.toString('utf8', 1, bytes.length - 1);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A JSON string.
  return text.includes('\\') ? (jsonOf(row, name) as string) : text;
}
