import { positionOf } from '../../runs/position.ts';
import { REQUEST_CONFIG_FIELD_LIST, RUN_FIELD_LIST } from '../../runs/run-fields.ts';
import type { Run } from '../../runs/run.ts';
import type { RowTable } from './row-table.ts';

/**
 * Runs: the rows that are scanned and copied. Those of other lists, which are shorter and asked for less, are
 * served by their resolvers.
 */
export const ROW_TABLE: RowTable<Run> = {
  types: { row: 'Run', edge: 'RunEdge', page: 'RunConnection' },
  fields: RUN_FIELD_LIST,
  nested: { name: 'requestConfig', type: 'RunRequestConfig', fields: REQUEST_CONFIG_FIELD_LIST },
  links: { agent: { 'Agent.id': 'agentId' } },
  owner: 'agentId',
  instant: 'createdInstant',
  constants: { isDurationMeasured: true },
  positionOf,
};

/** A row of the table. */
export type Row = Run;
