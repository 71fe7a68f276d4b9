import { type FieldDefinition, type FieldTable, type NameIn, namesOf } from '../model/field.ts';
import type { KeptRow } from '../model/row.ts';
import { STEP_FIELDS, STEP_METRICS_FIELDS, type StepMetricsRow, type StepRow } from '../model/step.ts';
import { fieldWriter } from './kinds.ts';
import { rowCheck } from './row-checks.ts';
import { writeEach } from './row-error.ts';

/** Letta still sends this key of a step, in front of another, but never fills it. */
const EMPTY_KEYS: Readonly<Record<string, string>> = { feedback: '"messages":[],' };

/** Writes a row as JSON. @param outside the number of containers of the response around it */
type RowWriter<Row> = (row: Row, outside: number) => string;

/** Returns a writer that throws a RowError for a row that Letta's model of this name refuses. */
function rowWriter<Fields extends FieldTable>(model: string, fields: Fields): RowWriter<KeptRow<Fields>> {
  const sent = namesOf(fields).filter((name) => fields[name]?.unsent === undefined);
  const assertValid = rowCheck(model, fields, sent);
  const entries = sent.map((name, at) => ({
    name,
    key: `${at === 0 ? '{' : ','}${EMPTY_KEYS[name] ?? ''}"${name}":`,
    write: fieldWriter(definitionIn(fields, name)),
  }));
  return (row, outside) => {
    assertValid(row);
    return `${entries.map(({ name, key, write }) => key + write(row[name], outside + 1)).join('')}}`;
  };
}

function definitionIn<Fields extends FieldTable>(fields: Fields, name: NameIn<Fields>): FieldDefinition {
  return fields[name] ?? { kind: 'text' };
}

const writeStep = rowWriter('Step', STEP_FIELDS);
const writeMetrics = rowWriter('StepMetrics', STEP_METRICS_FIELDS);

/** Serializes a list of steps as JSON. @throws RowError if Letta couldn't send one of them. */
export function listedSteps(rows: readonly StepRow[]): string {
  return `[${writeEach(rows, (row) => writeStep(row, 1)).join(',')}]`;
}

/** Serializes a step that was retrieved by id. @throws RowError */
export function singleStep(row: StepRow): string {
  return writeStep(row, 0);
}

/** Serializes the metrics of a step as JSON. */
export function stepMetrics(row: StepMetricsRow): string {
  return writeMetrics(row, 0);
}
