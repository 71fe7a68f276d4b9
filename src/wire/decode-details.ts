import { type DetailField, METRICS_FIELDS, STEP_FIELDS } from '../runs/detail-fields.ts';
import type { DetailValues, Long, RunMetrics, RunStep } from '../runs/details.ts';
import { UpstreamError } from '../runs/errors.ts';
import { DecodeError } from './decode-error.ts';
import {
  FIELD_READERS,
  isObject,
  isTexts,
  type JsonObject,
  optional,
  type ReadField,
  type Row,
} from './field-readers.ts';

/** The reader for each kind of field of a run's parts. */
export const DETAIL_READERS: {
  readonly [Kind in Exclude<DetailField['kind'], 'config'>]: ReadField<DetailValues[Kind]>;
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
const STEP_READERS = readersOf(STEP_FIELDS);
const METRICS_READERS = readersOf(METRICS_FIELDS);

/**
 * Decodes the list of a run's steps, in its order. Only `id` is required; unknown fields are ignored.
 * The other fields are read when they are asked for, since few are: one that is malformed is an
 * {@link UpstreamError} then, and costs nothing but itself.
 *
 * @throws DecodeError
 */
export function decodeSteps(json: unknown): readonly RunStep[] {
  if (!Array.isArray(json)) throw new DecodeError(null, '', 'a list of steps', json);
  return json.map((item: unknown, row) => readStep(item, row));
}

/** Decodes a step that was retrieved by id. @throws DecodeError */
export function decodeStep(json: unknown): RunStep {
  return readStep(json, null);
}

/** Decodes the metrics of a run. @throws DecodeError */
export function decodeMetrics(json: unknown): RunMetrics {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return readFields(METRICS_READERS, json, null, 'metrics') as unknown as RunMetrics;
}

function readStep(json: unknown, row: Row): RunStep {
  if (!isObject(json)) throw new DecodeError(row, '', 'a step', json);
  FIELD_READERS.id(json['id'], row, 'id');
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are defined below.
  return new LazyStep(json, row) as unknown as RunStep;
}

/** A step of which each field is read from the JSON when it is asked for. */
class LazyStep {
  readonly #json: JsonObject;
  readonly index: Row;

  constructor(json: JsonObject, row: Row) {
    this.#json = json;
    this.index = row;
  }

  static {
    for (const { name, wire, read } of STEP_READERS) {
      const get = function (this: LazyStep): unknown {
        return readOnDemand(() => read(this.#json[wire], this.index, wire));
      };
      Object.defineProperty(this.prototype, name, { get, enumerable: true });
    }
  }
}

function readOnDemand<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
  }
}

/** A field with its reader. */
interface FieldReader {
  readonly name: string;
  readonly wire: string;
  readonly read: ReadField<unknown>;
}

function readersOf(fields: Readonly<Record<string, DetailField>>): readonly FieldReader[] {
  return Object.entries(fields).flatMap(([name, { wire, kind }]) =>
    kind === 'config' ? [] : [{ name, wire, read: DETAIL_READERS[kind] }],
  );
}

function readFields(
  fields: readonly FieldReader[],
  json: unknown,
  row: Row,
  expected: string,
): Record<string, unknown> {
  if (!isObject(json)) throw new DecodeError(row, '', expected, json);
  const values: Record<string, unknown> = {};
  for (const { name, wire, read } of fields) values[name] = read(json[wire], row, wire);
  return values;
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
