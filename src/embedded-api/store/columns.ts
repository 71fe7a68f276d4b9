import type { SQLInputValue } from 'node:sqlite';
import {
  type FieldDefinition,
  type FieldTable,
  isNullable,
  type Kinds,
  type NameIn,
  namesOf,
} from '../model/field.ts';
import { encodeJson } from '../model/json-column.ts';
import type { NewRow, StoredRow } from '../model/row.ts';
import { normalizeTimestamp } from '../model/timestamps.ts';

interface ColumnKind<Given> {
  readonly type: 'TEXT' | 'INTEGER';
  readonly encode: (value: Given) => SQLInputValue;
}

const plain = (value: string | number | bigint): SQLInputValue => value;

/** How each kind of field is stored. */
const COLUMN_KINDS: { readonly [K in keyof Kinds]: ColumnKind<Kinds[K]['given']> } = {
  text: { type: 'TEXT', encode: plain },
  integer: { type: 'INTEGER', encode: plain },
  boolean: { type: 'INTEGER', encode: Number },
  zonedTime: { type: 'TEXT', encode: normalizeTimestamp },
  zonelessTime: { type: 'TEXT', encode: normalizeTimestamp },
  object: { type: 'TEXT', encode: encodeJson },
  requestConfig: { type: 'TEXT', encode: encodeJson },
  texts: { type: 'TEXT', encode: encodeJson },
  json: { type: 'TEXT', encode: encodeJson },
};

interface Column<Fields extends FieldTable> {
  readonly name: NameIn<Fields>;
  /** For `CREATE TABLE` and `ALTER TABLE`. */
  readonly definition: string;
  /** Encodes a value that may be null; undefined stands for the default. @throws RangeError for a bad timestamp */
  readonly encode: (value: unknown) => SQLInputValue;
}

/** The columns of one table, and how rows become their values. */
export interface Columns<Fields extends FieldTable> {
  readonly table: string;
  readonly names: readonly NameIn<Fields>[];
  /** The definition of each column, in the order of `names`. */
  readonly definitions: readonly string[];
  readonly insertSql: string;
  /** Returns the values of a new row in the order of `names`, with defaults for absent fields. */
  readonly encodeRow: (row: NewRow<Fields>) => SQLInputValue[];
  /** Returns the columns that a patch changes, with their new values. */
  readonly encodePatch: (
    patch: Partial<StoredRow<Fields>>,
  ) => { readonly name: string; readonly value: SQLInputValue }[];
}

export function columnsOf<Fields extends FieldTable>(table: string, fields: Fields): Columns<Fields> {
  const names = namesOf(fields);
  const columns = names.map((name) => columnOf<Fields>(name, fields[name] ?? { kind: 'text' }));
  return {
    table,
    names,
    definitions: columns.map(({ definition }) => definition),
    insertSql: `INSERT INTO ${table} (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`,
    encodeRow: (row) => columns.map(({ name, encode }) => encode(row[name])),
    encodePatch: (patch) =>
      columns.flatMap(({ name, encode }) => {
        const value: unknown = patch[name];
        return value === undefined ? [] : [{ name, value: encode(value) }];
      }),
  };
}

function columnOf<Fields extends FieldTable>(name: NameIn<Fields>, field: FieldDefinition): Column<Fields> {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate kind and value.
  const { type, encode } = COLUMN_KINDS[field.kind] as ColumnKind<unknown>;
  const fallback = field.default === undefined ? null : encode(field.default);
  return {
    name,
    definition: `${name} ${type}${isNullable(field) ? '' : ' NOT NULL'}`,
    encode: (value) => (value === undefined ? fallback : value === null ? null : encode(value)),
  };
}
