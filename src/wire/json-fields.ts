import { UpstreamError } from '../errors/upstream-error.ts';
import type { DetailField, FieldValues, Long } from '../runs/field.ts';
import { DecodeError } from './decode-error.ts';
import {
  FIELD_READERS,
  isTexts,
  type JsonObject,
  optional,
  type ReadField,
  type Row,
} from './field-readers.ts';

/** The reader for each kind of field of a run's parts. */
export const DETAIL_READERS: {
  readonly [Kind in Exclude<DetailField['kind'], 'config'>]: ReadField<FieldValues[Kind]>;
} = {
  ...FIELD_READERS,
  long: (value, row, path) => asLong(readLong(value, row, path)),
  epoch(value, row, path) {
    const nanoseconds = asLong(readLong(value, row, path));
    if (nanoseconds === null) return null;
    const instant = instantOfEpoch(BigInt(nanoseconds));
    if (instant === null) throw new DecodeError(row, path, 'nanoseconds from 1970 to 9999', value);
    return instant;
  },
  'text list': optional('a list of texts', isTexts),
};

const readLong = optional('a whole number', isWholeNumber);

/** Where a field is in the JSON. */
type PlaceOf<Field> = (json: JsonObject, field: Field) => readonly [holder: JsonObject, key: string];

/**
 * Fields that are read from the JSON when they are asked for, since few are. One that is malformed is an
 * {@link UpstreamError} then, the same one each time, and costs nothing but itself.
 */
export class JsonFields {
  readonly #json: JsonObject;
  readonly #row: Row;
  #failures: Map<string, unknown> | undefined;

  constructor(json: JsonObject, row: Row) {
    this.#json = json;
    this.#row = row;
  }

  /** Defines the fields of a class of such objects. */
  static define<Field extends DetailField>(
    prototype: JsonFields,
    fields: Readonly<Record<string, Field>>,
    placeOf: PlaceOf<Field> = (json, { wire }) => [json, wire],
  ): void {
    for (const [name, field] of Object.entries(fields)) {
      const { kind } = field;
      if (kind === 'config') continue;
      const read: ReadField<unknown> = DETAIL_READERS[kind];
      const get = function (this: JsonFields): unknown {
        if (this.#failures?.has(name)) throw this.#failures.get(name);
        try {
          const [holder, key] = placeOf(this.#json, field);
          return read(holder[key], this.#row, key);
        } catch (error) {
          const failure = error instanceof DecodeError ? invalid(error) : error;
          (this.#failures ??= new Map()).set(name, failure);
          throw failure;
        }
      };
      Object.defineProperty(prototype, name, { get, enumerable: true });
    }
  }
}

/** For what can't be decoded. */
function invalid(error: DecodeError): UpstreamError {
  return new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
}

/** Returns what was decoded. @throws UpstreamError for what can't be decoded */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    throw error instanceof DecodeError ? invalid(error) : error;
  }
}

const NS_PER_SECOND = 1_000_000_000n;
const MAX_SECONDS = 253_402_300_799n;

/** Returns the instant with up to nine fractional digits; null before 1970 and after 9999. */
function instantOfEpoch(nanoseconds: bigint): string | null {
  const seconds = nanoseconds / NS_PER_SECOND;
  if (nanoseconds < 0n || seconds > MAX_SECONDS) return null;
  const whole = new Date(Number(seconds) * 1000).toISOString().slice(0, 19);
  const fraction = String(nanoseconds % NS_PER_SECOND).padStart(9, '0');
  return `${whole}${fractionOf(fraction)}Z`;
}

/** As the API writes fractions: none if it is zero, else six digits, and nine only if they are needed. */
function fractionOf(digits: string): string {
  if (digits === '000000000') return '';
  return `.${digits.endsWith('000') ? digits.slice(0, 6) : digits}`;
}

/** Integers beyond ±(2^53-1) are parsed to `JSON.rawJSON` values. */
function isWholeNumber(value: unknown): value is number | { readonly rawJSON: string } {
  return Number.isSafeInteger(value) || JSON.isRawJSON(value);
}

function asLong(value: number | { readonly rawJSON: string } | null): Long | null {
  return typeof value === 'object' && value !== null ? BigInt(value.rawJSON) : value;
}
