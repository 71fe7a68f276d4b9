import { expect, test } from 'vitest';
import type { NewRun } from '../../../src/embedded-api/model/run.ts';
import { STOP_REASONS } from '../../support/run-fields.ts';
import { expectedValues } from '../expected-values.ts';
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
  ['background=OFF', '2'],
  ['background=y', '4 1'],
  ['stop_reason=end_turn', '1'],
  ['stop_reason=end_turn&stop_reason=error', '2'],
  ['stop_reason=error&statuses=failed', '2'],
  ['conversation_id=conv-1', '4 3'],
  ['conversation_id=conv-1&agent_id=agent-b', '3'],
  ['conversation_id=conv-1&statuses=created', '4'],
  ['conversation_id=', ''],
  ['active=true', '4 3'],
  ['active=T', '4 3'],
  ['active=false', ALL],
  ['active=true&statuses=failed', '2'],
  ['active=true&agent_id=agent-b', '3'],
  ['limit=2', '5 4'],
  ['limit=1&limit=2', '5 4'],
  ['limit=2.0', '5 4'],
  ['limit=1_0', ALL],
  ['limit=%202', '5 4'],
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

const REASONS = expectedValues(STOP_REASONS);
const BOOL = 'Input should be a valid boolean, unable to interpret input';
const INT = 'Input should be a valid integer, unable to parse string as an integer';

test.each([
  [
    'limit=0',
    "{'type': 'greater_than_equal', 'loc': ('query', 'limit'), 'msg': 'Input should be greater than or equal to 1', 'input': '0', 'ctx': {'ge': 1}}",
  ],
  [
    'limit=-3',
    "{'type': 'greater_than_equal', 'loc': ('query', 'limit'), 'msg': 'Input should be greater than or equal to 1', 'input': '-3', 'ctx': {'ge': 1}}",
  ],
  [
    'limit=1001',
    "{'type': 'less_than_equal', 'loc': ('query', 'limit'), 'msg': 'Input should be less than or equal to 1000', 'input': '1001', 'ctx': {'le': 1000}}",
  ],
  ['limit=abc', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': 'abc'}`],
  ['limit=1.', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': '1.'}`],
  ['limit=1.5', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': '1.5'}`],
  ['limit=1__0', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': '1__0'}`],
  ['limit=', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': ''}`],
  ['limit', `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': ''}`],
  [
    'active=maybe',
    `{'type': 'bool_parsing', 'loc': ('query', 'active'), 'msg': '${BOOL}', 'input': 'maybe'}`,
  ],
  ['active=', `{'type': 'bool_parsing', 'loc': ('query', 'active'), 'msg': '${BOOL}', 'input': ''}`],
  [
    'background=null',
    `{'type': 'bool_parsing', 'loc': ('query', 'background'), 'msg': '${BOOL}', 'input': 'null'}`,
  ],
  ['ascending=2', `{'type': 'bool_parsing', 'loc': ('query', 'ascending'), 'msg': '${BOOL}', 'input': '2'}`],
  [
    'order=ASC',
    `{'type': 'literal_error', 'loc': ('query', 'order'), 'msg': "Input should be 'asc' or 'desc'", 'input': 'ASC', 'ctx': {'expected': "'asc' or 'desc'"}}`,
  ],
  [
    'order_by=duration',
    `{'type': 'literal_error', 'loc': ('query', 'order_by'), 'msg': "Input should be 'created_at'", 'input': 'duration', 'ctx': {'expected': "'created_at'"}}`,
  ],
  [
    'stop_reason=bogus',
    `{'type': 'enum', 'loc': ('query', 'stop_reason'), 'msg': "Input should be ${REASONS}", 'input': 'bogus', 'ctx': {'expected': "${REASONS}"}}`,
  ],
  [
    'stop_reason=',
    `{'type': 'enum', 'loc': ('query', 'stop_reason'), 'msg': "Input should be ${REASONS}", 'input': '', 'ctx': {'expected': "${REASONS}"}}`,
  ],
  [
    // In the order in which the route declares its parameters, and before the 400 of the bad status.
    'active=x&order=&limit=a%27b&statuses=pending',
    `{'type': 'int_parsing', 'loc': ('query', 'limit'), 'msg': '${INT}', 'input': "a'b"}, ` +
      `{'type': 'literal_error', 'loc': ('query', 'order'), 'msg': "Input should be 'asc' or 'desc'", 'input': '', 'ctx': {'expected': "'asc' or 'desc'"}}, ` +
      `{'type': 'bool_parsing', 'loc': ('query', 'active'), 'msg': '${BOOL}', 'input': 'x'}`,
  ],
])('the query ?%s is a 422', async (query, dicts) => {
  await using api = await runningApi([]);
  expect(await api.json(`/v1/runs/?${query}`)).toEqual({
    status: 422,
    body: { trace_id: '', detail: `[${dicts}]` },
  });
});

test.each([
  ['statuses=pending', "'pending' is not a valid RunStatus"],
  ['statuses=completed&statuses=COMPLETED', "'COMPLETED' is not a valid RunStatus"],
  ['statuses=created,running', "'created,running' is not a valid RunStatus"],
  ['statuses=', "'' is not a valid RunStatus"],
  ["statuses=it's", '"it\'s" is not a valid RunStatus'],
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

test('/v1/runs/active lists the unfinished runs of an agent', async () => {
  await using api = await runningApi(RUNS);
  const listed = async (query: string): Promise<unknown> => {
    const response = await api.get(`/v1/runs/active${query}`);
    const list: NewRun[] = await response.json();
    return list.map(({ id }) => id);
  };
  expect(await listed('')).toEqual([runId(4), runId(3)]);
  expect(await listed('?agent_id=agent-b')).toEqual([runId(3)]);
  expect(await listed('?background=true')).toEqual([runId(4)]);
  expect(await listed('?limit=0&order=no')).toEqual([runId(4), runId(3)]);
});
