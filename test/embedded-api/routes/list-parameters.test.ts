import { expect, test } from 'vitest';
import type { NewRun } from '../../../embedded-api/model/rows.ts';
import { runId, runningApi } from '../running-api.ts';

const RUNS: readonly NewRun[] = [
  { agent_id: 'agent-a', status: 'completed', stop_reason: 'end_turn', background: true },
  { agent_id: 'agent-a', status: 'failed', stop_reason: 'error', background: false },
  { agent_id: 'agent-b', status: 'running', conversation_id: 'conv-1' },
  { agent_id: 'agent-c', status: 'created', conversation_id: 'conv-1', background: true },
  { agent_id: 'agent-c', status: 'cancelled', stop_reason: 'cancelled' },
].map((run, at) => ({ ...run, id: runId(at + 1), created_at: `2025-01-01T00:00:0${at}Z` }));

const ALL = '5 4 3 2 1';

test.each([
  ['', ALL],
  ['agent_id=agent-a', '2 1'],
  ['agent_id=nobody', ''],
  ['agent_id=', ALL],
  ['agent_id=&agent_ids=agent-b', '3'],
  ['agent_ids=agent-a&agent_ids=agent-b', '3 2 1'],
  ['agent_ids=agent-a&agent_ids=agent-a', '2 1'],
  ['agent_ids=agent-a,agent-b', ''],
  ['agent_ids=', ''],
  ['agent_ids=&agent_ids=agent-b', '3'],
  ['agent_id=agent-c&agent_ids=agent-a', '5 4'],
  ['statuses=completed&statuses=failed', '2 1'],
  ['statuses=failed&statuses=failed', '2'],
  ['statuses[]=failed', ALL],
  ['statuses[0]=failed', ALL],
  ['agent_id=agent-a&statuses=failed&statuses=created', '2'],
  ['background=true', '4 1'],
  ['background=0', '2'],
  ['stop_reason=end_turn', '1'],
  ['stop_reason=end_turn&stop_reason=error', '2'],
  ['stop_reason=error&statuses=failed', '2'],
  ['conversation_id=conv-1', '4 3'],
  ['conversation_id=conv-1&agent_id=agent-b', '3'],
  ['conversation_id=conv-1&statuses=created', '4'],
  ['conversation_id=', ''],
  ['active=true', '4 3'],
  ['active=false', ALL],
  ['active=true&statuses=failed', '2'],
  ['active=true&agent_id=agent-b', '3'],
  ['limit=2', '5 4'],
  ['limit=1&limit=2', '5 4'],
  ['limit=%2B2', '5 4'],
  ['limit=002', '5 4'],
  ['limit=1000', ALL],
  ['order=asc', '1 2 3 4 5'],
  ['order=desc', ALL],
  ['order_by=created_at', ALL],
  ['ascending=true', '1 2 3 4 5'],
  ['ascending=true&order=desc', '1 2 3 4 5'],
  ['ascending=false&order=asc', '1 2 3 4 5'],
  ['project_id=p&start_date=x&offset=3&template_family=t', ALL],
])('the query ?%s lists the runs %j', async (query, expected) => {
  await using api = await runningApi(RUNS);
  const ids = await api.ids(query);
  expect(ids.map((id) => Number(id.slice(4, 12))).join(' ')).toBe(expected);
});

test('100 runs are listed without a limit', async () => {
  const runs = Array.from({ length: 120 }, (_, at) => ({
    id: runId(at),
    agent_id: 'agent-a',
    created_at: '2025-01-01T00:00:00Z',
  }));
  await using api = await runningApi(runs);
  expect(await api.ids('')).toHaveLength(100);
});

test('more agents than can be merged are filtered all the same', async () => {
  await using api = await runningApi(RUNS);
  const others = Array.from({ length: 80 }, (_, at) => `agent_ids=other-${at}`).join('&');
  expect(await api.ids(`${others}&agent_ids=agent-a`)).toEqual([runId(2), runId(1)]);
});

test.each([
  ['limit=0', 'greater_than_equal', 'limit'],
  ['limit=-3', 'greater_than_equal', 'limit'],
  ['limit=1001', 'less_than_equal', 'limit'],
  ['limit=abc', 'int_parsing', 'limit'],
  ['limit=1.5', 'int_parsing', 'limit'],
  ['limit=', 'int_parsing', 'limit'],
  ['active=maybe', 'bool_parsing', 'active'],
  ['background=null', 'bool_parsing', 'background'],
  ['ascending=2', 'bool_parsing', 'ascending'],
  ['order=ASC', 'literal_error', 'order'],
  ['order_by=duration', 'literal_error', 'order_by'],
  ['stop_reason=bogus', 'enum', 'stop_reason'],
  ['stop_reason=', 'enum', 'stop_reason'],
])('the query ?%s is a 422 of the type %s', async (query, type, name) => {
  await using api = await runningApi([]);
  expect(await api.json(`/v1/runs/?${query}`)).toEqual({
    status: 422,
    body: {
      trace_id: '',
      detail: expect.stringContaining(
        `[{'type': '${type}', 'loc': ('query', '${name}'), 'msg': 'Input should be `,
      ),
    },
  });
});

test('a 422 names the bound of a limit, and everything that is wrong', async () => {
  await using api = await runningApi([]);
  const { body } = await api.json('/v1/runs/?limit=1001&order=it%27s&statuses=pending');
  const { detail } = body as { detail: string };
  expect(detail).toContain(
    "'less_than_equal', 'loc': ('query', 'limit'), 'msg': 'Input should be less than or equal to 1000', 'input': '1001', 'ctx': {'le': 1000}}",
  );
  expect(detail).toContain(String.raw`'loc': ('query', 'order')`);
  expect(detail).toContain(String.raw`'input': 'it\'s'`);
});

test.each([
  ['statuses=pending', "'pending' is not a valid RunStatus"],
  ['statuses=completed&statuses=COMPLETED', "'COMPLETED' is not a valid RunStatus"],
  ['statuses=created,running', "'created,running' is not a valid RunStatus"],
  ['statuses=', "'' is not a valid RunStatus"],
])('the query ?%s is a 400', async (query, detail) => {
  await using api = await runningApi([]);
  expect(await api.json(`/v1/runs/?${query}`)).toEqual({ status: 400, body: { detail } });
});

test.each(['before=%00', 'after=a%00b', 'agent_id=%00'])(
  'the NUL in ?%s is a 500, because PostgreSQL refuses it',
  async (query) => {
    await using api = await runningApi([]);
    const body = { detail: 'A database error occurred.' };
    expect(await api.json(`/v1/runs/?${query}`)).toEqual({ status: 500, body });
  },
);
