import type { FieldKind, FieldValues } from '../runs/field.ts';
import { dateTimeOf, instantOf } from '../runs/position.ts';
import { DecodeError } from './decode-error.ts';

/** The index of the row in a list that a value belongs to; null outside of a list. */
export type Row = number | null;
export type JsonObject = Readonly<Record<string, unknown>>;

/** Decodes the value of a field. Row and path are for error messages. @throws DecodeError */
export type ReadField<Value> = (value: unknown, row: Row, path: string) => Value;

/** The reader for each kind of field. `config` is an object with its own fields; see `decode-run.ts`. */
export const FIELD_READERS: {
  readonly [Kind in Exclude<FieldKind, 'config'>]: ReadField<FieldValues[Kind]>;
} = {
  id: required('a text', (value): value is string => typeof value === 'string' && value !== ''),
  created: (value, row, path) => dateTimeOf(readCreated(value, row, path)),
  instant(value, row, path) {
    const text = readInstant(value, row, path);
    return text === null ? null : dateTimeOf(text);
  },
  text: optional('a text', isText),
  'enum value': optional('a text', isText),
  'enum list': optional('a list of texts', isTexts),
  boolean: optional('a boolean', (value): value is boolean => typeof value === 'boolean'),
  // Fits into GraphQL's Int.
  int: optional(
    'a whole number of 32 bits',
    (value): value is number => isWhole(value) && (value | 0) === value,
  ),
  'whole number': optional('a whole number below 2^53', isWhole),
  object: optional('an object', isObject),
};

const readCreated = required('a date and time', isInstant);
/** The API sends some instants without a zone, which are in UTC. */
const WITHOUT_ZONE = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,6})?$/;
const readInstant = optional(
  'a date and time',
  (value): value is string => typeof value === 'string' && (WITHOUT_ZONE.test(value) || isInstant(value)),
);

export function required<Value>(expected: string, is: (value: unknown) => value is Value): ReadField<Value> {
  return (value, row, path) => {
    if (is(value)) return value;
    throw new DecodeError(row, path, expected, value);
  };
}

/** An absent field is read as null. */
export function optional<Value>(
  expected: string,
  is: (value: unknown) => value is Value,
): ReadField<Value | null> {
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

export function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every(isText);
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

/** Whether it is an object of fields: integers beyond ±(2^53-1) are parsed to objects, too. */
export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !JSON.isRawJSON(value);
}
