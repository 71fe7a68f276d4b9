import { definitionOf, type FieldName, type Kinds } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { zonedStamp, zonelessStamp } from '../model/timestamps.ts';
import { requestConfig } from './request-config.ts';

/** How each kind of field is serialized as JSON. */
const WRITERS: { readonly [K in keyof Kinds]: (kept: Kinds[K]['kept']) => string } = {
  text: JSON.stringify,
  integer: String,
  boolean: (kept) => (kept === 0n ? 'false' : 'true'),
  zonedTime: (kept) => `"${zonedStamp(kept)}"`,
  zonelessTime: (kept) => `"${zonelessStamp(kept)}"`,
  object: (kept) => kept,
  requestConfig,
};

export type FieldWriter = (kept: RunRow[FieldName]) => string;

/** Returns the writer of a field, which throws a BadRowError for a value that Letta would reject. */
export function fieldWriter(name: FieldName): FieldWriter {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- TypeScript can't correlate name and value.
  const write = WRITERS[definitionOf(name).kind] as (kept: string | bigint) => string;
  return (kept) => (kept === null ? 'null' : write(kept));
}
