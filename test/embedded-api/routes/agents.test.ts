import { beforeAll, describe, expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import { type RunningApi, runningApi } from '../running-api.ts';

/** `agent-` and a version 4 UUID that begins with the number. */
const agentId = (number: number) => `agent-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
const UNKNOWN = agentId(99);
const FOREIGN = agentId(50);
const config = { model: 'gpt-4o', handle: 'openai/gpt-4o', context_window: 128_000 };
const plain = (number: number, created: string) => ({
  id: agentId(number),
  name: `Agent ${number}`,
  llm_config: config,
  created_at: created,
  updated_at: '2025-02-01T00:00:00Z',
});

/** A1 is the oldest; A2 and A3 share their microsecond. */
const AGENTS = [
  { ...plain(1, '2025-01-01T00:00:01Z'), name: 'Ops bot', tags: ['blue', 'prod'] },
  { ...plain(2, '2025-01-01T00:00:02Z'), name: 'Дежурный 50%', tags: ['prod'] },
  {
    ...plain(3, '2025-01-01T00:00:02Z'),
    name: 'ops_bot',
    last_run_completion: '2025-01-03T00:00:00.5Z',
    last_stop_reason: 'error',
  },
  { ...plain(4, '2025-01-01T00:00:04Z'), last_run_completion: '2025-01-02T00:00:00Z', template_id: 't' },
  { ...plain(5, '2025-01-01T00:00:05Z'), name: 'Hidden', hidden: true },
  { ...plain(50, '2025-01-01T00:00:03Z'), organization_id: SECOND_ACTOR.organizationId },
];

let api: RunningApi;
beforeAll(async () => {
  api = await runningApi([]);
  api.store.agents.insert(AGENTS);
  return () => api[Symbol.asyncDispose]();
});

const list = async (query: string) => {
  const { status, body } = await api.json(`/v1/agents/?${query}`);
  if (status !== 200 || !Array.isArray(body)) return { status, body };
  return body.map(({ id }: { id: string }) => Number(id.slice(6, 14)));
};

describe('a list of agents', () => {
  test.each<[string, number[]]>([
    ['', [4, 3, 2, 1]],
    ['order=asc', [1, 2, 3, 4]],
    ['limit=2', [4, 3]],
    ['limit=0', [4, 3, 2, 1]],
    [`after=${agentId(3)}&limit=1`, [2]],
    [`before=${agentId(2)}&limit=1`, [4]],
    [`before=${agentId(2)}&order=asc`, [1]],
    [`after=${agentId(4)}&before=${agentId(1)}`, [3, 2]],
    [`after=${agentId(1)}&before=${agentId(4)}`, []],
    [`after=${UNKNOWN}&limit=1`, [4]],
    [`after=${FOREIGN}`, [3, 2, 1]],
    ['after=&before=', [4, 3, 2, 1]],
    ['name=Ops bot', [1]],
    ['name=ops bot', []],
    ['name=', [4, 3, 2, 1]],
    ['query_text=OPS', [3, 1]],
    ['query_text=ops_bot', [3, 1]],
    [String.raw`query_text=ops\_bot`, [3]],
    ['query_text=деж', [2]],
    ['query_text=0%25', [2]],
    [String.raw`query_text=0\%25`, [2]],
    // The backslash makes a literal of the wildcard that Letta appends.
    ['query_text=0\\', [2]],
    ['query_text=5\\', []],
    ['query_text=(', []],
    ['tags=blue&tags=prod', [2, 1]],
    ['tags=blue&tags=prod&match_all_tags=true', [1]],
    ['tags=blue,prod', []],
    ['tags=', []],
    ['show_hidden_agents=true&limit=1', [5]],
  ])('?%s has %j', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test.each(['limit=-1', 'name=%00', 'tags=%00', 'after=%00'])(
    '?%s is a 500, which PostgreSQL causes',
    async (query) => {
      expect(await list(query)).toEqual({ status: 500, body: { detail: 'A database error occurred.' } });
    },
  );

  test.each(['limit=x', 'order=newest', 'order_by=name', 'match_all_tags=maybe'])(
    '?%s is a 422',
    async (query) => {
      expect(await list(query)).toMatchObject({ status: 422 });
    },
  );
});

describe('one agent', () => {
  test.each([
    ['of nobody', UNKNOWN],
    ['of another organization', FOREIGN],
  ])('%s is a 404', async (_name, id) => {
    const { status, body } = await api.json(`/v1/agents/${id}`);
    expect({ status, body }).toEqual({ status: 404, body: { detail: `Agent with ID ${id} not found` } });
  });

  test('is found although it is hidden', async () => {
    expect(await api.json(`/v1/agents/${agentId(5)}`)).toMatchObject({ body: { hidden: true } });
  });

  test('with a malformed id is a 422 with an example', async () => {
    const { status, body } = await api.json('/v1/agents/x?include=agent.tags');
    expect({ status, body }).toEqual({
      status: 422,
      body: {
        trace_id: '',
        detail: `[{'type': 'string_pattern_mismatch', 'loc': ('path', 'agent_id'), 'msg': 'String should match pattern \\'agent-{uuid4}\\'', 'input': 'x'}]`,
        examples: ['agent-123e4567-e89b-42d3-8456-426614174000'],
      },
    });
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['', {}, ['blue', 'prod']],
    ['', { 'x-stainless-package-version': '1.0.0' }, []],
    ['?include=agent.tags', { 'x-stainless-package-version': '1.0.0' }, ['blue', 'prod']],
    ['?include=agent.tools', {}, []],
  ])('%s %j has the tags %j', async (query, headers, tags) => {
    const { body } = await api.json(`/v1/agents/${agentId(1)}${query}`, { headers });
    expect(body).toMatchObject({ id: agentId(1), tags, blocks: [], tools: [] });
  });
});

test('an agent without a configuration is a 500, and makes the whole list fail in the same way', async () => {
  await using other = await runningApi([]);
  other.store.agents.insert([plain(1, '2025-01-01T00:00:01Z')]);
  other.store.agents.insert([{ ...plain(2, '2025-01-01T00:00:02Z'), llm_config: null }]);
  const failure = { status: 500, body: { detail: 'An unknown error occurred' } };
  expect(await other.json(`/v1/agents/${agentId(2)}`)).toEqual(failure);
  expect(await other.json('/v1/agents/')).toEqual(failure);
  expect(await other.json(`/v1/agents/?after=${agentId(2)}`)).toMatchObject({ status: 200 });
});
