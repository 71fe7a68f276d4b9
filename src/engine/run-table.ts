import { rawNameOf } from '../runs/field.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { OUTCOMES } from '../runs/outcomes.ts';
import { UNRECOGNIZED } from '../runs/run-enums.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../runs/run-fields.ts';
import type { EnumTexts } from './rows/row-program.ts';
import type { RowField, RowTable } from './rows/row-table.ts';

/** The table of runs, the only rows that are copied. Rows of other lists, which clients select less, are resolved. */
export const RUN_TABLE: RowTable = {
  types: { row: 'Run', edge: 'RunEdge', page: 'RunConnection' },
  fields: RUN_FIELD_LIST.map(rowField),
  nested: {
    name: 'requestConfig',
    type: 'RunRequestConfig',
    fields: REQUEST_CONFIG_FIELD_LIST.map(rowField),
  },
  derived: {
    outcome: [
      ['status', outcomeTexts(OUTCOMES.status, UNRECOGNIZED)],
      ['stopReason', outcomeTexts(OUTCOMES.stopReason, OUTCOMES.noStopReason)],
    ],
  },
  links: { agent: { 'Agent.id': 'agentId' } },
  owner: 'agentId',
  instant: 'createdInstant',
  constants: { isDurationMeasured: true },
  maxRows: MAX_LIST_ROWS,
};

function rowField({ name, wire, kind, raw }: NamedField): RowField {
  return { name, wire, kind, rawName: raw && rawNameOf(name) };
}

/** The names of outcomes in the schema; empty where a status has none. */
function outcomeTexts(outcomes: Readonly<Record<string, string | null>>, ofNull: string): EnumTexts {
  const values = Object.entries(outcomes).map(
    ([value, name]) => [value, name === null ? '' : JSON.stringify(name.toUpperCase())] as const,
  );
  return { values, ofNull: JSON.stringify(ofNull.toUpperCase()), ofOthers: JSON.stringify(UNRECOGNIZED) };
}
