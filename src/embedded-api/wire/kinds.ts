import type { FieldDefinition, Kinds } from '../model/field.ts';
import { isSentUnchanged } from '../model/json-column.ts';
import { zonedStamp, zonelessStamp } from '../model/timestamps.ts';
import { orjson } from './orjson.ts';
import { readPythonJson } from './python-json.ts';
import { requestConfig } from './request-config.ts';

/**
 * How each kind of field is serialized as JSON.
 * `outside` is the number of containers of the response around the field.
 */
const WRITERS: { readonly [K in keyof Kinds]: (kept: Kinds[K]['kept'], outside: number) => string } = {
  text: (kept) => JSON.stringify(kept),
  integer: String,
  boolean: (kept) => (kept === 0n ? 'false' : 'true'),
  zonedTime: (kept) => `"${zonedStamp(kept)}"`,
  zonelessTime: (kept) => `"${zonelessStamp(kept)}"`,
  object: respelled,
  requestConfig: (kept) => requestConfig(readPythonJson(kept)),
  texts: respelled,
  json: respelled,
};

function respelled(kept: string, outside: number): string {
  return isSentUnchanged(kept) ? kept : orjson(readPythonJson(kept), outside);
}

/** Writes a value as SQLite returns it. `outside` is the number of containers of the response around it. */
export type FieldWriter = (kept: string | bigint | null, outside: number) => string;

/** Returns the writer of a field, which throws a RowError for a value that Letta can't send. */
export function fieldWriter({ kind }: FieldDefinition): FieldWriter {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate kind and value.
  const write = WRITERS[kind] as (kept: string | bigint, outside: number) => string;
  return (kept, outside) => (kept === null ? 'null' : write(kept, outside));
}
