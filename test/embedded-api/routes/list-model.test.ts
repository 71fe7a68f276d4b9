import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import type { NewRun } from '../../../src/embedded-api/model/run.ts';
import type { CursorDialect } from '../../../src/embedded-api/server.ts';
import { type RunningApi, runId, runningApi } from '../running-api.ts';

const AGENTS = ['agent-a', 'agent-b', 'agent-c'];
const STATUSES = ['created', 'running', 'completed', 'failed', 'cancelled'];
const REASONS = ['end_turn', 'error', 'cancelled'];
const CONVERSATIONS = ['conv-1', 'conv-2'];

/** Few values of everything, so that filters and ties meet. */
const RUNS: readonly NewRun[] = Array.from({ length: 90 }, (_, at) => ({
  id: runId((at * 37) % 101),
  agent_id: AGENTS[at % 7 > 3 ? 0 : at % 3] ?? 'agent-a',
  created_at: `2025-05-05T10:00:00.${String(Math.floor(at / 2.7)).padStart(6, '0')}Z`,
  status: STATUSES[(at * 3) % 5] ?? 'created',
  stop_reason: REASONS[at % 4] ?? null,
  conversation_id: CONVERSATIONS[at % 5] ?? null,
  background: [true, false, null][at % 3] ?? null,
  organization_id: (at % 11 === 0 ? SECOND_ACTOR : DEFAULT_ACTOR).organizationId,
}));

const cursor = fc.oneof(
  { arbitrary: fc.constantFrom(...RUNS.map(({ id }) => id)), weight: 8 },
  fc.constantFrom('', 'nobody', runId(555)),
);

const request = fc.record(
  {
    agent_id: fc.constantFrom(...AGENTS, '', 'nobody'),
    agent_ids: fc.array(fc.constantFrom(...AGENTS, ''), { minLength: 1, maxLength: 3 }),
    statuses: fc.array(fc.constantFrom(...STATUSES), { minLength: 1, maxLength: 3 }),
    background: fc.boolean(),
    stop_reason: fc.constantFrom(...REASONS),
    conversation_id: fc.constantFrom(...CONVERSATIONS, ''),
    before: cursor,
    after: cursor,
    limit: fc.integer({ min: 1, max: 30 }),
    order: fc.constantFrom('asc', 'desc'),
    active: fc.boolean(),
    ascending: fc.boolean(),
  },
  { requiredKeys: [] },
);

type Request = typeof request extends fc.Arbitrary<infer T> ? T : never;

const key = (run: NewRun): string => `${run.created_at} ${run.id}`;

/** Letta's list, read off its description and nothing else: filter, sort, cut. */
function model(query: Request, dialect: CursorDialect): string[] {
  const ascending = query.ascending === true || query.order === 'asc';
  const agents = query.agent_id ? [query.agent_id] : query.agent_ids;
  const statuses = query.statuses ?? (query.active === true ? ['created', 'running'] : undefined);
  const place = (id: string | undefined): string | undefined => {
    const run = RUNS.find((candidate) => candidate.id === id);
    return run && key(run);
  };
  const [next, previous] = dialect === 'reversed' ? [query.before, query.after] : [query.after, query.before];
  const after = place(next);
  const before = place(previous);
  const follows = (one: string, other: string): boolean => (ascending ? one > other : one < other);
  return RUNS.filter(
    (run) =>
      run.organization_id === DEFAULT_ACTOR.organizationId &&
      (agents === undefined || agents.includes(run.agent_id)) &&
      (statuses === undefined || statuses.includes(run.status ?? '')) &&
      (query.background === undefined || run.background === query.background) &&
      (query.stop_reason === undefined || run.stop_reason === query.stop_reason) &&
      (query.conversation_id === undefined || run.conversation_id === query.conversation_id) &&
      (after === undefined || follows(key(run), after)) &&
      (before === undefined || follows(before, key(run))),
  )
    .toSorted((one, other) => (follows(key(one), key(other)) ? 1 : -1))
    .slice(0, query.limit ?? 100)
    .map(({ id }) => id);
}

function toQuery(query: Request): string {
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    [value].flat().map((item) => [name, String(item)] as [string, string]),
  );
  return new URLSearchParams(pairs).toString();
}

test.each(['reversed', 'documented'] as const)(
  'every list of the %s dialect is what the model says',
  async (dialect) => {
    await using api: RunningApi = await runningApi(RUNS, { dialect });
    await fc.assert(
      fc.asyncProperty(request, async (query) => {
        expect(await api.ids(toQuery(query))).toEqual(model(query, dialect));
      }),
      { numRuns: 600 },
    );
  },
);
