import { UpstreamError } from '../errors/upstream-error.ts';
import { METRICS_FIELDS, STEP_FIELDS } from '../runs/detail-fields.ts';
import type { RunMetrics, RunStep } from '../runs/details.ts';
import type { DetailField, FieldValues, Long } from '../runs/field.ts';
import { IDS } from '../runs/ids.ts';
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
/** Its fields are read from the JSON when they are asked for. */
class JsonFields {
  readonly #json: JsonObject;
  readonly #row: Row;

  constructor(json: JsonObject, row: Row) {
    this.#json = json;
    this.#row = row;
  }

  /** Defines the fields of a class of such objects. */
  static define(prototype: JsonFields, fields: Readonly<Record<string, DetailField>>): void {
    for (const [name, { wire, kind }] of Object.entries(fields)) {
      if (kind === 'config') continue;
      const read: ReadField<unknown> = DETAIL_READERS[kind];
      const get = function (this: JsonFields): unknown {
        return readOnDemand(() => read(this.#json[wire], this.#row, wire));
      };
      Object.defineProperty(prototype, name, { get, enumerable: true });
    }
  }
}

class StepFields extends JsonFields {
  readonly id: string;
  readonly index: Row;

  constructor(id: string, json: JsonObject, row: Row) {
    super(json, row);
    this.id = id;
    this.index = row;
  }

  static {
    const { id: _id, ...others } = STEP_FIELDS;
    JsonFields.define(this.prototype, others);
  }
}

class MetricsFields extends JsonFields {
  static {
    JsonFields.define(this.prototype, METRICS_FIELDS);
  }
}

/**
 * Decodes a page of the list of a run's steps, in its order. Nothing is required of a step, and unknown fields
 * are ignored. The fields are read when they are asked for, since few are: one that is malformed is an
 * {@link UpstreamError} then, and costs nothing but itself. An id that can't be used is made from the
 * run's id and the index in the list, which only grows at its end.
 *
 * @param from the index of the first one in the list; null if that isn't known, and ids are required
 * @throws DecodeError for anything but a list of objects, and for a step that is in it twice
 */
export function decodeSteps(json: unknown, runId: string, from: number | null = 0): readonly RunStep[] {
  if (!Array.isArray(json)) throw new DecodeError(null, '', 'a list of steps', json);
  const ids = new Set<string>();
  return json.map((item: unknown, row) => {
    if (!isObject(item)) throw new DecodeError(row, '', 'a step', item);
    const given = item['id'];
    const index = from === null ? null : from + row;
    const id = typeof given === 'string' && IDS.step.pattern.test(given) ? given : idAt(index, runId, row);
    if (ids.has(id)) throw new DecodeError(row, 'id', 'an id that no other step has', given);
    ids.add(id);
    return createStep(id, item, index);
  });
}

function idAt(index: Row, runId: string, row: number): string {
  if (index === null) throw new DecodeError(row, 'id', 'the id of a step', null);
  return `step-of-${runId}-${index}`;
}

/** Decodes a step that was retrieved by id. @throws DecodeError */
export function decodeStep(json: unknown): RunStep {
  if (!isObject(json)) throw new DecodeError(null, '', 'a step', json);
  return createStep(FIELD_READERS.id(json['id'], null, 'id'), json, null);
}

/** Decodes the metrics of a run; as of steps, each field is read when it is asked for. @throws DecodeError */
export function decodeMetrics(json: unknown): RunMetrics {
  if (!isObject(json)) throw new DecodeError(null, '', 'metrics', json);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return new MetricsFields(json, null) as unknown as RunMetrics;
}

function createStep(id: string, json: JsonObject, row: Row): RunStep {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return new StepFields(id, json, row) as unknown as RunStep;
}

function readOnDemand<Value>(read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
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
