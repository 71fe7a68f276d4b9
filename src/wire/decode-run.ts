import { instantOf } from '../runs/position.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { Run, RunRequestConfig } from '../runs/run.ts';
import { DecodeError } from './decode-error.ts';
import { FIELD_READERS, isObject, type JsonObject, type ReadField, type Row } from './field-readers.ts';

/** A field with its reader. */
interface FieldReader {
  readonly name: string;
  readonly wire: string;
  readonly path: string;
  readonly read: ReadField<unknown>;
}

const CONFIG_READERS = REQUEST_CONFIG_FIELD_LIST.map((field) => readerOf(field, 'request_config.'));
const RUN_READERS = RUN_FIELD_LIST.map((field) => readerOf(field, ''));

function readerOf({ name, wire, kind }: NamedField, parent: string): FieldReader {
  const read = kind === 'config' ? readRequestConfig : FIELD_READERS[kind];
  return { name, wire, path: parent + wire, read };
}

function readRequestConfig(value: unknown, row: Row, path: string): RunRequestConfig | null {
  const json = FIELD_READERS.object(value, row, path);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return json && (readFields(CONFIG_READERS, json, row) as unknown as RunRequestConfig);
}

/**
 * Decodes a list of runs. Only `id`, `agent_id` and `created_at` are required, which identify and
 * order runs; other fields may be missing, as in older servers. Unknown fields are ignored.
 *
 * @throws DecodeError
 */
export function decodeRuns(json: unknown): readonly Run[] {
  if (!Array.isArray(json)) throw new DecodeError(null, '', 'a list of runs', json);
  return json.map((item: unknown, row) => readRun(item, row));
}

/**
 * Decodes a run that was retrieved by id.
 *
 * @throws DecodeError
 */
export function decodeRun(json: unknown): Run {
  return readRun(json, null);
}

function readRun(json: unknown, row: Row): Run {
  if (!isObject(json)) throw new DecodeError(row, '', 'a run', json);
  const run = readFields(RUN_READERS, json, row);
  run['createdInstant'] = instantOf(String(json['created_at']));
  run['isDurationMeasured'] = row !== null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return run as unknown as Run;
}

/** @throws DecodeError */
function readFields(fields: readonly FieldReader[], json: JsonObject, row: Row): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const { name, wire, path, read } of fields) values[name] = read(json[wire], row, path);
  return values;
}
