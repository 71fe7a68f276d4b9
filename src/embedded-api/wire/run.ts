import { definitionOf, FIELD_NAMES, type FieldName } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { type FieldWriter, fieldWriter } from './kinds.ts';
import { assertValidRow } from './row-checks.ts';

interface Entry {
  readonly name: FieldName;
  /** The key with its colon, and what separates it from the entry before. */
  readonly key: string;
  readonly write: FieldWriter;
  /** Lists show this field instead, unless it is null. */
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
 * An item of a list as JSON text: always all keys, in Letta's order. Joined by hand, so that stored metadata goes
 * out as it is, without parsing it, and whole numbers keep all their digits.
 * @throws BadRowError when Letta would refuse the row.
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

/** A run fetched by its id, written likewise. @throws BadRowError */
export function singleRun(row: RunRow): string {
  assertValidRow(row);
  let json = '';
  for (const { name, key, write } of ENTRIES) json += key + write(row[name]);
  return `${json}}`;
}
