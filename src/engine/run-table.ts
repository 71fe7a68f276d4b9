import { rawNameOf } from '../runs/field.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { OUTCOMES } from '../runs/outcomes.ts';
import { type NamedField, REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../runs/run-fields.ts';
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
      { field: 'status', values: OUTCOMES.status },
      { field: 'stopReason', values: OUTCOMES.stopReason, ofNull: OUTCOMES.noStopReason },
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
