import { definitionOf, FIELD_NAMES, type FieldName, RUN_FIELDS } from '../model/fields.ts';
import type { RunRow } from '../model/run.ts';
import { type FieldWriter, fieldWriter } from './kinds.ts';
import { rowCheck } from './row-checks.ts';
import { writeEach } from './row-error.ts';

interface Entry {
  readonly name: FieldName;
  /** The key with its colon, after a brace or comma. */
  readonly key: string;
  readonly write: FieldWriter;
  /** Another field that lists show instead, unless it is null. */
  readonly inLists: ReturnType<typeof definitionOf>['inLists'];
}

const RUN_KEYS = FIELD_NAMES.filter((name) => {
  const { metricsOnly, unsent } = definitionOf(name);
  return metricsOnly === undefined && unsent === undefined;
});

/** @throws RowError for a row that Letta's model of a run refuses */
export const assertValidRun = rowCheck('Run', RUN_FIELDS, RUN_KEYS);

const ENTRIES = RUN_KEYS.map((name, at): Entry => ({
  name,
  key: `${at === 0 ? '{' : ','}"${name}":`,
  write: fieldWriter(definitionOf(name)),
  inLists: definitionOf(name).inLists,
}));

/** The containers around a field of a single run, and of a run in a list. */
const DEPTH = { single: 1, list: 2 };

/**
 * Serializes a list of runs as JSON. Concatenates text, so that most stored metadata is sent without parsing, and
 * integers keep all their digits.
 * @throws RowError if Letta couldn't send one of the rows.
 */
export function listedRuns(rows: readonly RunRow[]): string {
  return `[${writeEach(rows, listedRun).join(',')}]`;
}

/** Serializes a run in a list as JSON, with all keys in Letta's order. @throws RowError */
export function listedRun(row: RunRow): string {
  assertValidRun(row);
  let json = '';
  for (const { name, key, write, inLists } of ENTRIES) {
    const instead = inLists === undefined ? null : row[inLists];
    json += key + write(instead ?? row[name], DEPTH.list);
  }
  return `${json}}`;
}

/** Serializes a run that was retrieved by id. @throws RowError */
export function singleRun(row: RunRow): string {
  assertValidRun(row);
  let json = '';
  for (const { name, key, write } of ENTRIES) json += key + write(row[name], DEPTH.single);
  return `${json}}`;
}
