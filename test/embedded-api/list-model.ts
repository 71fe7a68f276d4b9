import * as fc from 'fast-check';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../embedded-api/model/actors.ts';
import type { NewRun } from '../../embedded-api/model/rows.ts';
import type { CursorDialect } from '../../embedded-api/server.ts';
import { type RandomRun, randomRuns } from '../support/random-runs.ts';
import { AGENT_IDS, CONVERSATION_IDS, RUN_STATUSES } from '../support/run-fields.ts';
import { listRuns } from '../support/run-list.ts';
import { runId } from './running-api.ts';

type ListedRun = RandomRun & Pick<NewRun, 'organization_id'>;

/** Runs of which many share a creation time, and every eleventh is of the second organization. */
export function runsToList(count: number): ListedRun[] {
  return randomRuns(count, 11).map((run, at) => ({
    ...run,
    organization_id: (at % 11 === 0 ? SECOND_ACTOR : DEFAULT_ACTOR).organizationId,
  }));
}

/** Valid values of every query parameter. */
export function listParameters(runs: readonly ListedRun[]) {
  const cursor = fc.oneof(
    { arbitrary: fc.constantFrom(...runs.map(({ id }) => id)), weight: 8 },
    fc.constantFrom('', 'nobody', runId(555)),
  );
  return {
    agent_id: fc.constantFrom(...AGENT_IDS, '', 'nobody'),
    agent_ids: fc.array(fc.constantFrom(...AGENT_IDS, ''), { minLength: 1, maxLength: 3 }),
    statuses: fc.array(fc.constantFrom(...RUN_STATUSES), { minLength: 1, maxLength: 3 }),
    background: fc.boolean(),
    stop_reason: fc.constantFrom('end_turn', 'error', 'cancelled'),
    conversation_id: fc.constantFrom(...CONVERSATION_IDS, ''),
    before: cursor,
    after: cursor,
    limit: fc.integer({ min: 1, max: 30 }),
    order: fc.constantFrom('asc', 'desc'),
    order_by: fc.constant('created_at'),
    active: fc.boolean(),
    ascending: fc.boolean(),
  };
}

type Parameters = ReturnType<typeof listParameters>;
export type ListRequest = {
  [K in keyof Parameters]?: Parameters[K] extends fc.Arbitrary<infer T> ? T : never;
};

/** What the list of the default organization holds. */
export function expectedIds(
  runs: readonly ListedRun[],
  { agent_id, ascending, order, limit = 100, ...query }: ListRequest,
  dialect: CursorDialect,
): string[] {
  return listRuns(
    runs,
    {
      ...query,
      // An empty one doesn't filter.
      agent_id: agent_id || undefined,
      order: ascending === true || order === 'asc' ? 'asc' : 'desc',
      limit: Infinity,
    },
    dialect,
  )
    .filter((run) => run.organization_id === DEFAULT_ACTOR.organizationId)
    .slice(0, limit)
    .map(({ id }) => id);
}
