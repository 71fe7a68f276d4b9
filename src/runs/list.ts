import type { ListDefinition } from '../lists/list.ts';
import { IDS } from './ids.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from './limits.ts';
import { positionOf } from './position.ts';
import { RUN_FILTERS } from './run-filters.ts';
import type { Run } from './run.ts';

/** The list of runs, sorted by time of creation, ties by id. */
export const RUN_LIST: ListDefinition<Run> = {
  row: 'a run',
  path: 'v1/runs/',
  positionOf,
  cursors: IDS.run,
  filters: RUN_FILTERS,
  longFilter: 'agentIds',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
};
