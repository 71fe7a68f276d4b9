import { beforeAll, describe, expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import { JsonText } from '../../../src/embedded-api/model/json-text.ts';
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
    ['limit=1.0', [4]],
    [`after=${agentId(3)}&limit=1`, [2]],
    [`before=${agentId(2)}&limit=1`, [4]],
    [`before=${agentId(2)}&order=asc`, [1]],
    [`after=${agentId(4)}&before=${agentId(1)}`, [3, 2]],
    [`after=${agentId(1)}&before=${agentId(4)}`, []],
    [`after=${UNKNOWN}&limit=1`, [4]],
    [`after=${FOREIGN}`, [3, 2, 1]],
    ['after=&before=', [4, 3, 2, 1]],
    ['order_by=last_run_completion', [3, 4, 2, 1]],
    ['order_by=last_run_completion&order=asc', [4, 3, 1, 2]],
    // To Letta's cursors a null is smaller than every value, though it is sorted last.
    [`order_by=last_run_completion&after=${agentId(4)}`, [2, 1]],
    [`order_by=last_run_completion&order=asc&after=${agentId(4)}`, [3]],
    [`order_by=last_run_completion&order=asc&after=${agentId(1)}`, [4, 3, 2]],
    ['order_by=updated_at&order=asc', [1, 2, 3, 4]],
    ['ascending=true&sort_by=name&ids=x', [4, 3, 2, 1]],
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
    ['last_stop_reason=error', [3]],
    ['template_id=t', [4]],
    ['template_id=', [4, 3, 2, 1]],
    ['project_id=x', []],
    ['identity_id=x', []],
    ['identifier_keys=x', []],
    ['created_by_id=x', []],
    ['show_hidden_agents=true&limit=1', [5]],
  ])('?%s has %j', async (query, expected) => {
    expect(await list(query)).toEqual(expected);
  });

  test.each([`limit=-1`, 'limit=9223372036854775808', 'name=%00', 'tags=%00', 'after=%00'])(
    '?%s is a 500, which PostgreSQL causes',
    async (query) => {
      expect(await list(query)).toEqual({ status: 500, body: { detail: 'A database error occurred.' } });
    },
  );

  test('a 422 names each parameter, and the place in a list', async () => {
    expect(await list('limit=x&include=agent.tags&include=no')).toEqual({
      status: 422,
      body: {
        trace_id: '',
        detail:
          "[{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': 'Input should be a valid integer, unable to parse string as an integer', 'input': 'x'}, " +
          `{'type': 'literal_error', 'loc': ('query', 'include', 1), 'msg': "Input should be 'agent.blocks', 'agent.identities', 'agent.managed_group', 'agent.pending_approval', 'agent.secrets', 'agent.sources', 'agent.tags' or 'agent.tools'", 'input': 'no', 'ctx': {'expected': "'agent.blocks', 'agent.identities', 'agent.managed_group', 'agent.pending_approval', 'agent.secrets', 'agent.sources', 'agent.tags' or 'agent.tools'"}}]`,
      },
    });
  });
});

describe('the number of agents', () => {
  test.each<[string, number]>([
    ['', 4],
    ['show_hidden_agents=true', 5],
    ['show_hidden_agents=true&name=Hidden', 1],
    ['name=Hidden', 0],
    ['name=Ops bot', 1],
    ['name=', 4],
    ['query_text=ops', 2],
    ['tags=blue&tags=prod', 2],
    ['tags=blue&tags=prod&match_all_tags=true', 1],
    ['tags=', 0],
    ['last_stop_reason=error', 1],
    ['template_id=t', 1],
    ['template_id=', 4],
    ['project_id=x', 0],
    ['base_template_id=x', 0],
    ['identity_id=x', 0],
    ['identifier_keys=x', 0],
    ['created_by_id=x', 0],
    // What only lists have is ignored.
    ['limit=x&order=x&order_by=x&include=x&ascending=x', 4],
    [`limit=1&after=${agentId(3)}`, 4],
  ])('with ?%s is %d', async (query, expected) => {
    const response = await api.get(`/v1/agents/count?${query}`);
    expect([response.status, await response.text()]).toEqual([200, String(expected)]);
  });

  test('is that of the own organization', async () => {
    expect(await api.json('/v1/agents/count', { headers: { user_id: SECOND_ACTOR.id } })).toEqual({
      status: 200,
      body: 1,
    });
  });

  test('with NUL in a filter is a 500, which PostgreSQL causes', async () => {
    const body = { detail: 'A database error occurred.' };
    expect(await api.json('/v1/agents/count?tags=a&tags=%00')).toEqual({ status: 500, body });
  });

  test('with filters that make no sense is a 422 that names them in the order of declaration', async () => {
    const query = 'last_stop_reason=x&show_hidden_agents=x&match_all_tags=x';
    const { status, body } = await api.json(`/v1/agents/count?${query}`);
    expect(status).toBe(422);
    expect(body).toEqual({
      trace_id: '',
      detail: expect.stringMatching(/match_all_tags.*show_hidden_agents.*last_stop_reason/),
    });
  });
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

  test('with a malformed id is a 422 with an example, and names what else is wrong', async () => {
    const { status, body } = await api.json('/v1/agents/x?include=y');
    expect(status).toBe(422);
    expect(body).toEqual({
      trace_id: '',
      detail: expect.stringMatching(
        /^\[\{'type': 'string_pattern_mismatch', 'loc': \('path', 'agent_id'\), 'msg': "String should match pattern 'agent-\{uuid4\}'", 'input': 'x', 'ctx': \{'pattern': '\^agent-.*\{12\}\$'\}\}, \{'type': 'literal_error'/,
      ),
      examples: ['agent-123e4567-e89b-42d3-8456-426614174000'],
    });
  });

  test.each<[string, Record<string, string>, readonly string[]]>([
    ['', {}, ['blue', 'prod']],
    ['', { 'x-stainless-package-version': '1.0.0' }, []],
    ['', { 'user-agent': 'letta-client/1.2.3' }, []],
    ['', { 'user-agent': '@letta-ai/letta-client/1.0.0-alpha.2' }, []],
    ['', { 'user-agent': 'letta-client/0.1.300' }, ['blue', 'prod']],
    ['?include=agent.tags', { 'x-stainless-package-version': '1.0.0' }, ['blue', 'prod']],
    ['?include=agent.blocks', {}, ['blue', 'prod']],
    ['?include=agent.tools', {}, []],
    ['?include_relationships=tools', {}, []],
    ['?include_relationships=memory', {}, ['blue', 'prod']],
    ['?include_relationships=tags&include=agent.tools', {}, []],
  ])('%s %j has the tags %j', async (query, headers, tags) => {
    const { body } = await api.json(`/v1/agents/${agentId(1)}${query}`, { headers });
    expect(body).toMatchObject({ id: agentId(1), tags, blocks: [], tools: [] });
  });
});

describe('an agent that cannot be sent', () => {
  const answerTo = async (broken: object) => {
    await using other = await runningApi([]);
    other.store.agents.insert([plain(1, '2025-01-01T00:00:01Z')]);
    other.store.agents.insert([{ ...plain(2, '2025-01-01T00:00:02Z'), ...broken }]);
    const one = await other.json(`/v1/agents/${agentId(2)}`);
    // It makes the whole list fail, in the same way.
    expect(await other.json('/v1/agents/')).toEqual(one);
    expect(await other.json(`/v1/agents/?after=${agentId(2)}`)).toMatchObject({ status: 200 });
    return one;
  };

  test('for a configuration that is null is a 500', async () => {
    expect(await answerTo({ llm_config: null })).toEqual({
      status: 500,
      body: { detail: 'An unknown error occurred' },
    });
  });

  test.each([
    [
      { agent_type: 'bogus' },
      /^1 validation error for AgentState\nagent_type\n {2}Input should be 'memgpt_agent', /,
    ],
    [
      { last_stop_reason: 'bogus' },
      /^1 validation error for AgentState\nlast_stop_reason\n {2}Input should be 'end_turn', /,
    ],
    [
      { metadata: [1] },
      /^1 validation error for AgentState\nmetadata\n {2}Input should be a valid dictionary /,
    ],
  ])('for %j is a 400', async (broken, detail) => {
    expect(await answerTo(broken)).toEqual({ status: 400, body: { detail: expect.stringMatching(detail) } });
  });

  test('for metadata as it is spelled is none: it is spelled anew', async () => {
    await using other = await runningApi([]);
    other.store.agents.insert([{ ...plain(1, '2025-01-01T00:00:01Z'), metadata: new JsonText('{"b":1e5}') }]);
    const response = await other.get(`/v1/agents/${agentId(1)}`);
    expect(await response.text()).toContain('"metadata":{"b":100000.0}');
  });
});
