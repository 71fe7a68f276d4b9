import { definitionOf, FIELD_NAMES, type FieldName } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { type FieldWriter, fieldWriter } from './kinds.ts';
import { assertValidRow } from './row-checks.ts';

interface Entry {
  readonly name: FieldName;
  /** The key with its colon, after a brace or comma. */
  readonly key: string;
  readonly write: FieldWriter;
  /** Another field that lists show instead, unless it is null. */
  readonly inLists: ReturnType<typeof definitionOf>['inLists'];
}

const ENTRIES = FIELD_NAMES.filter((name) => definitionOf(name).metricsOnly === undefined).map(
  (name, at): Entry => ({
    name,
    key: `${at === 0 ? '{' : ','}"${name}":`,
    write: fieldWriter(name),
    inLists: definitionOf(name).inLists,
  }),
);

/**
 * Serializes a run in a list as JSON, with all keys in Letta's order. Concatenates text, so that stored metadata
 * is sent unchanged without parsing, and integers keep all their digits.
 * @throws BadRowError if Letta would reject the row.
 */
export function listedRun(row: RunRow): string {
  assertValidRow(row);
  let json = '';
  for (const { name, key, write, inLists } of ENTRIES) {
    const instead = inLists === undefined ? null : row[inLists];
    json += key + write(instead ?? row[name]);
  }
  return `${json}}`;
}

/** Serializes a run that was retrieved by id. @throws BadRowError */
export function singleRun(row: RunRow): string {
  assertValidRow(row);
  let json = '';
  for (const { name, key, write } of ENTRIES) json += key + write(row[name]);
  return `${json}}`;
}
