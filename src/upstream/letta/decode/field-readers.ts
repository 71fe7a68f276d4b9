import { isObject } from '../../../json/parse-json.ts';
import { instantOfMicros, LATEST } from '../../../lists/time-bounds.ts';
import type { DetailField, FieldValues } from '../../../runs/field.ts';
import { dateTimeOf, instantOf } from '../../../runs/instants.ts';
import { DecodeError } from './decode-error.ts';

/** The index of the row in a list that a value belongs to; null outside of a list. */
export type RowIndex = number | null;
export type JsonObject = Readonly<Record<string, unknown>>;

/** Decodes the value of a field. `row` and `path` are for error messages. @throws DecodeError */
export type ReadField<Value> = (value: unknown, row: RowIndex, path: string) => Value;

/** The reader for each kind of field. `config`, an object with fields, is read by `decode-runs.ts`. */
export const FIELD_READERS: {
  readonly [Kind in Exclude<DetailField['kind'], 'config'>]: ReadField<FieldValues[Kind]>;
} = {
  id: required('a string', (value): value is string => typeof value === 'string' && value !== ''),
  created: (value, row, path) => dateTimeOf(readCreated(value, row, path)),
  instant(value, row, path) {
    const text = readInstant(value, row, path);
    return text === null ? null : dateTimeOf(text);
  },
  text: optional('a string', isText),
  'enum value': optional('a string', isText),
  'enum list': optional('a list of strings', isTexts),
  boolean: optional('a boolean', (value): value is boolean => typeof value === 'boolean'),
  // Null beyond GraphQL's Int, as for an agent whose last run took a month: otherwise the agent would be in no list.
  int(value, row, path) {
    const whole = readWhole(value, row, path);
    return whole !== null && (whole | 0) === whole ? whole : null;
  },
  // The duration of a run that hung for months is rounded: without it, the run would be in no list.
  'whole number': readRounded,
  object: optional('an object', isObject),
  long: readRounded,
  epoch(value, row, path) {
    const nanoseconds = readLong(value, row, path);
    if (nanoseconds === null) return null;
    const micros = BigInt(typeof nanoseconds === 'object' ? nanoseconds.rawJSON : nanoseconds) / 1000n;
    if (micros >= 0n && micros <= LATEST) return dateTimeOf(`${instantOfMicros(micros)}Z`);
    throw new DecodeError(row, path, 'nanoseconds from 1970 to 9999', value);
  },
  'text list': optional('a list of strings', isTexts),
};

const readCreated = required('a date and time', isInstant);
const readInstant = optional('a date and time', isInstant);
const readWhole = optional('a whole number', isWhole);
const readLong = optional('a whole number', isLong);

function required<Value>(expected: string, is: (value: unknown) => value is Value): ReadField<Value> {
  return (value, row, path) => {
    if (is(value)) return value;
    throw new DecodeError(row, path, expected, value);
  };
}

/** An absent field is read as null. */
function optional<Value>(expected: string, is: (value: unknown) => value is Value): ReadField<Value | null> {
  return (value, row, path) => {
    if (value === null || value === undefined) return null;
    if (is(value)) return value;
    throw new DecodeError(row, path, `${expected} or null`, value);
  };
}

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && instantOf(value) !== null;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Integers beyond ±(2^53-1) are parsed to `JSON.rawJSON` values. */
function isLong(value: unknown): value is number | { readonly rawJSON: string } {
  return isWhole(value) || JSON.isRawJSON(value);
}

function readRounded(value: unknown, row: RowIndex, path: string): number | null {
  const long = readLong(value, row, path);
  return typeof long === 'object' && long !== null ? Number(long.rawJSON) : long;
}
