import { METRICS_FIELDS, STEP_FIELDS, TIMING_FIELDS } from '../runs/detail-fields.ts';
import type { RunMetrics, RunStep, RunStepTiming } from '../runs/details.ts';
import { IDS } from '../runs/ids.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, isObject, type JsonObject, type Row } from './field-readers.ts';
import { JsonFields } from './json-fields.ts';

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

class TimingFields extends JsonFields {
  static {
    JsonFields.define(this.prototype, TIMING_FIELDS);
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

/** Decodes the metrics of a step in the same way. @throws DecodeError */
export function decodeTiming(json: unknown): RunStepTiming {
  if (!isObject(json)) throw new DecodeError(null, '', 'the metrics of a step', json);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return new TimingFields(json, null) as unknown as RunStepTiming;
}

function createStep(id: string, json: JsonObject, row: Row): RunStep {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Its fields are those of the table.
  return new StepFields(id, json, row) as unknown as RunStep;
}
