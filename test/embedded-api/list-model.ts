import * as fc from 'fast-check';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../src/embedded-api/model/actors.ts';
import type { NewRun } from '../../src/embedded-api/model/run.ts';
import type { CursorDialect } from '../../src/embedded-api/server.ts';
import { AGENT_IDS, CONVERSATION_IDS, type RandomRun, randomRuns } from '../support/random-runs.ts';
import { sortKey } from '../support/run-model.ts';
import { runId } from './running-api.ts';

type ListedRun = RandomRun & Pick<NewRun, 'organization_id'>;

/** Runs of which many share a creation time, and every eleventh is of the second organization. */
export function runsToList(count: number): ListedRun[] {
  return randomRuns(count, 11).map((run, at) => ({
    ...run,
    organization_id: (at % 11 === 0 ? SECOND_ACTOR : DEFAULT_ACTOR).organizationId,
  }));
}

const STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'];

/** Valid values of every query parameter. */
export function listParameters(runs: readonly ListedRun[]) {
  const cursor = fc.oneof(
    { arbitrary: fc.constantFrom(...runs.map(({ id }) => id)), weight: 8 },
    fc.constantFrom('', 'nobody', runId(555)),
  );
  return {
    agent_id: fc.constantFrom(...AGENT_IDS, '', 'nobody'),
    agent_ids: fc.array(fc.constantFrom(...AGENT_IDS, ''), { minLength: 1, maxLength: 3 }),
    statuses: fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 3 }),
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

/** Letta's list, read off its description and nothing else: filter, sort, cut. */
export function expectedIds(
  runs: readonly ListedRun[],
  query: ListRequest,
  dialect: CursorDialect,
): string[] {
  const ascending = query.ascending === true || query.order === 'asc';
  const agents = query.agent_id ? [query.agent_id] : query.agent_ids;
  const statuses = query.statuses ?? (query.active === true ? ['created', 'running'] : undefined);
  const position = (id: string | undefined): string | undefined => {
    const run = runs.find((candidate) => candidate.id === id);
    return run && sortKey(run);
  };
  const [next, previous] = dialect === 'reversed' ? [query.before, query.after] : [query.after, query.before];
  const following = position(next);
  const preceding = position(previous);
  const follows = (one: string, other: string): boolean => (ascending ? one > other : one < other);
  return runs
    .filter(
      (run) =>
        run.organization_id === DEFAULT_ACTOR.organizationId &&
        (agents === undefined || agents.includes(run.agent_id)) &&
        (statuses === undefined || statuses.includes(run.status)) &&
        (query.background === undefined || run.background === query.background) &&
        (query.stop_reason === undefined || run.stop_reason === query.stop_reason) &&
        (query.conversation_id === undefined || run.conversation_id === query.conversation_id) &&
        (following === undefined || follows(sortKey(run), following)) &&
        (preceding === undefined || follows(preceding, sortKey(run))),
    )
    .toSorted((one, other) => (follows(sortKey(one), sortKey(other)) ? 1 : -1))
    .slice(0, query.limit ?? 100)
    .map(({ id }) => id);
}
