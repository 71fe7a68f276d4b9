import type { NewStep, NewStepMetrics, StepMetricsRow, StepRow } from '../model/step.ts';
import type { Position } from './list-query.ts';
import type { Statements } from './statements.ts';
import { STEP_METRICS, STEPS } from './tables.ts';
import { listByTime, type TimeListQuery } from './time-list.ts';

export interface StepStore {
  /** Inserts steps in one transaction: all, or none if one is invalid (a duplicate id, an invalid timestamp). */
  readonly insert: (steps: Iterable<NewStep>) => void;
  /** @throws Error if there is no such step. */
  readonly update: (id: string, patch: Partial<NewStep>) => void;
  /** Inserts the metrics of steps, likewise. */
  readonly insertMetrics: (metrics: Iterable<NewStepMetrics>) => void;
  /** Lists steps of a run. */
  readonly list: (runId: string, query: TimeListQuery) => StepRow[];
  readonly retrieve: (id: string, organizationId: string) => StepRow | undefined;
  readonly retrieveMetrics: (id: string, organizationId: string) => StepMetricsRow | undefined;
  /** Finds the position of a cursor, of any run in any organization, as in Letta 0.16.7. */
  readonly findPosition: (id: string) => Position | undefined;
}

/** @param transaction runs a function in a transaction */
export function createStepStore(
  { rows, insert, update }: Statements,
  transaction: (fill: () => void) => void,
): StepStore {
  return {
    insert: (steps) => transaction(() => insert(STEPS, steps)),
    update: (id, patch) => update(STEPS, id, patch),
    insertMetrics: (metrics) => transaction(() => insert(STEP_METRICS, metrics)),
    list: (runId, query) =>
      listByTime(rows<StepRow>, { table: 'steps', column: 'run_id', value: runId }, query),
    retrieve: (id, organizationId) => rows<StepRow>(byId('steps'), [id, organizationId])[0],
    retrieveMetrics: (id, organizationId) =>
      rows<StepMetricsRow>(byId('step_metrics'), [id, organizationId])[0],
    findPosition: (id) =>
      rows<Position>('SELECT created_at AS createdAt, id FROM steps WHERE id = ?', [id])[0],
  };
}

function byId(table: string): string {
  return `SELECT * FROM ${table} WHERE id = ? AND organization_id = ?`;
}
