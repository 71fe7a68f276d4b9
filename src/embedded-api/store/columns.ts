import type { SQLInputValue } from 'node:sqlite';
import { definitionOf, FIELD_NAMES, type FieldName, isNullable, type Kinds } from '../model/fields.ts';
import { encodeJson } from '../model/json-column.ts';
import type { NewRun, StoredRun } from '../model/run.ts';
import { normalizeTimestamp } from '../model/timestamps.ts';

interface ColumnKind<Given> {
  readonly type: 'TEXT' | 'INTEGER';
  readonly encode: (value: Given) => SQLInputValue;
}

const plain = (value: string | number): SQLInputValue => value;

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
};

/** Returns the column definition of a field for `CREATE TABLE` and `ALTER TABLE`. */
export function columnDefinition(name: FieldName): string {
  const { type } = COLUMN_KINDS[definitionOf(name).kind];
  return `${name} ${type}${isNullable(name) ? '' : ' NOT NULL'}`;
}

interface Column {
  readonly name: FieldName;
  /** @throws RangeError for an invalid timestamp. */
  readonly encode: (value: StoredRun[FieldName]) => SQLInputValue;
  readonly fallback: string | null;
}

const COLUMNS = FIELD_NAMES.map((name): Column => {
  const { kind, default: fallback = null } = definitionOf(name);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  const { encode } = COLUMN_KINDS[kind] as ColumnKind<unknown>;
  return { name, encode: (value) => (value === null ? null : encode(value)), fallback };
});

/** Returns the values of a new row in the order of `FIELD_NAMES`, with defaults for absent fields. */
export function encodeRun(run: NewRun): SQLInputValue[] {
  return COLUMNS.map(({ name, encode, fallback }) => encode(run[name] ?? fallback));
}

/** Returns the columns that a patch changes, with their new values. */
export function encodePatch(patch: Partial<StoredRun>): { name: FieldName; value: SQLInputValue }[] {
  return COLUMNS.flatMap(({ name, encode }) => {
    const value = patch[name];
    return value === undefined ? [] : [{ name, value: encode(value) }];
  });
}
