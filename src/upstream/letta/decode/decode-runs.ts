import type { UncheckedPage } from '../../../lists/list.ts';
import { instantOf } from '../../../runs/instants.ts';
import { REQUEST_CONFIG_FIELDS, RUN_FIELDS } from '../../../runs/run-fields.ts';
import type { Run } from '../../../runs/run.ts';
import type { Body } from '../../body-chunks.ts';
import { FIELD_READERS, type JsonObject, type RowIndex } from './field-readers.ts';
import { parseBody } from './parse-body.ts';
import { asObject, asObjects, readerOf } from './read-fields.ts';

/** The decoded response to one list request. Copied rows are no objects until they are read. */
export interface RunList extends UncheckedPage<Run> {
  /** The number of rows that are copied rather than decoded. */
  readonly copied: number;
  /** The list as JSON, if it was parsed. */
  readonly json?: readonly unknown[];
  /** Bytes of memory. */
  readonly bytes: number;
}

/** Reads a list of runs. @throws DecodeError, and as {@link parseBody} */
export type ReadRunList = (body: Body) => RunList;

const readConfig = readerOf(REQUEST_CONFIG_FIELDS, FIELD_READERS, 'request_config.');
const readFields = readerOf(RUN_FIELDS, {
  ...FIELD_READERS,
  config(value, row, path) {
    const json = FIELD_READERS.object(value, row, path);
    return json && readConfig(json, row);
  },
});

/** Reads a list by parsing it. */
export function decodeRunList(body: Body): RunList {
  const { value, bytes } = parseBody(body);
  return { rows: decodeRuns(value), orders: [], copied: 0, json: Array.isArray(value) ? value : [], bytes };
}

/**
 * Decodes a list of runs. Only `id`, `agent_id` and `created_at` are required, which identify and
 * order runs; other fields may be missing, as in older servers. Unknown fields are ignored.
 *
 * @throws DecodeError
 */
export function decodeRuns(json: unknown): readonly Run[] {
  return asObjects(json, 'run').map(readRun);
}

/** Decodes a run that was retrieved by id. @throws DecodeError */
export function decodeRun(json: unknown): Run {
  return readRun(asObject(json, 'a run'), null);
}

function readRun(json: JsonObject, row: RowIndex): Run {
  const run = readFields(json, row);
  run['createdInstant'] = instantOf(String(json['created_at']));
  run['hasDurationOfLists'] = row !== null;
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Each kind of field has its reader.
  return run as unknown as Run;
}
