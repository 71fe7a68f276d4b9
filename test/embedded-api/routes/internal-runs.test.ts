import { expect, test } from 'vitest';
import type { NewRun } from '../../../src/embedded-api/model/run.ts';
import { runId, runningApi } from '../running-api.ts';

const PATH = '/v1/_internal_runs/';

const RUNS: readonly NewRun[] = [
  { run_ns: 100, num_steps: 1, base_template_id: 'template-a', tools_used: ['tool-1', 'tool-2'] },
  { run_ns: 400, num_steps: 3, status: 'completed' },
  { total_duration_ns: 900, num_steps: 2, status: 'completed', tools_used: [] },
  { run_ns: 2n ** 53n + 1n, num_steps: 3, agent_id: 'agent-b', tools_used: ['tool-2'] },
  { run_ns: 200, agent_id: 'agent-b' },
].map((run, at) => ({
  agent_id: 'agent-a',
  ...run,
  id: runId(at + 1),
  created_at: `2025-01-01T00:00:0${at}.500001Z`,
}));

const ALL = '5 4 3 2 1';

test.each([
  ['', ALL],
  [`run_id=${runId(2)}`, '2'],
  [`run_id=${runId(2)}&agent_id=agent-b`, ''],
  [`run_id=${runId(2)}&run_id=${runId(4)}`, '4'],
  [`run_id=${runId(2)}&run_id=`, ALL],
  ['template_family=template-a', '1'],
  ['step_count=3', '4 2'],
  ['step_count=3&step_count_operator=eq', '4 2'],
  ['step_count=2&step_count_operator=gte', '4 3 2'],
  ['step_count=2&step_count_operator=lte', '3 1'],
  ['step_count=+3.0', '4 2'],
  ['tools_used=tool-2', '4 1'],
  ['tools_used=tool-1&tools_used=tool-3', '1'],
  ['tools_used=tool', ''],
  ['project_id=project-1', ''],
  ['project_id=', ALL],
  ['duration_value=200&duration_operator=gt', '4 2'],
  ['duration_value=200&duration_operator=lt', '1'],
  ['duration_value=9007199254740993&duration_operator=eq', '4'],
  ['duration_value=9007199254740992&duration_operator=eq', ''],
  ['duration_value=9007199254740992&duration_operator=gt', '4'],
  ['duration_percentile=0', '5 4 2 1'],
  ['duration_percentile=50', '4 2'],
  ['duration_percentile=100', '4'],
  ['duration_percentile=50&agent_id=agent-a', '2'],
  ['duration_percentile=50&statuses=completed', '2'],
  ['duration_percentile=100&stop_reason=end_turn', ''],
  ['duration_percentile=50&statuses=cancelled', ''],
  ['order_by=duration', '4 2 5 1'],
  ['order_by=duration&order=asc', '1 5 2 4'],
  ['order_by=duration&order=asc&limit=2', '1 5'],
  [`order_by=duration&before=${runId(2)}&after=${runId(2)}`, '4 2 5 1'],
  [`before=${runId(3)}`, '2 1'],
  [`after=${runId(3)}`, '5 4'],
  [`before=${runId(4)}&step_count=3`, '2'],
  ['start_date=2025-01-01', ALL],
  ['start_date=2025-01-01T00:00:02.500001Z', '5 4 3'],
  ['start_date=2025-01-01T00:00:02.500002Z', '5 4'],
  ['start_date=2025-01-01T00:00:02.5000019Z', '5 4 3'],
  ['end_date=2025-01-01T00:00:02.500001Z', '3 2 1'],
  ['end_date=2025-01-01', ''],
  ['end_date=2025-01-01 00:01', ALL],
  ['end_date=2025-01-01T02:00:02,500001%2B02:00', '3 2 1'],
  ['end_date=2024-12-31_21:30:02.500001-0230', '3 2 1'],
  ['start_date=1735689602&end_date=1735689603501', '4 3'],
  ['start_date=1735689604.5', '5'],
  ['start_date=-1', ALL],
  ['start_date=99999999999999999.5', ''],
])('%s lists %s', async (query, expected) => {
  await using api = await runningApi(RUNS);
  const { status, body } = await api.json(`${PATH}?${query.replaceAll('+', '%2B')}`);
  expect(status).toBe(200);
  expect(
    Array.isArray(body) ? body.map(({ id }: NewRun) => String(Number(id.slice(4, 12)))).join(' ') : body,
  ).toBe(expected);
});

const TOO_SHORT = 'input is too short';
const EXTRA = 'unexpected extra characters at the end of the input';

test.each([
  ['', TOO_SHORT],
  ['x', TOO_SHORT],
  ['.5', TOO_SHORT],
  ['2025-1-1', TOO_SHORT],
  ['1e9999999999', 'invalid character in year'],
  [' 2025-01-01', 'invalid character in year'],
  ['9223372036854775808', 'invalid date separator, expected `-`'],
  ['2025/01/01', 'invalid date separator, expected `-`'],
  ['2025-01/01', 'invalid date separator, expected `-`'],
  ['2025-0a-01', 'invalid character in month'],
  ['2025-01-0a', 'invalid character in day'],
  ['2025-13-01', 'month value is outside expected range of 1-12'],
  ['2025-00-01', 'month value is outside expected range of 1-12'],
  ['2025-02-29', 'day value is outside expected range'],
  ['1900-02-29', 'day value is outside expected range'],
  ['2025-01-01T', EXTRA],
  ['2025-01-01T05', EXTRA],
  ['2025-01-01T24:00:00', EXTRA],
  ['2025-01-01T05:60:00', EXTRA],
  ['2025-01-01T05:00:60Z', EXTRA],
  ['2025-01-01T05:00:00.Z', EXTRA],
  ['2025-01-01T05:00:00 02:00', EXTRA],
  ['2025-01-01T05:00:00+24:00', EXTRA],
  ['9999999999999999', 'dates after 9999 are not supported as unix timestamps'],
  ['-63000000000000', 'dates before 0000 are not supported as unix timestamps'],
  ['-9223372036854775808', 'invalid character in year'],
])('the date %j is refused: %s', async (date, problem) => {
  await using api = await runningApi([]);
  const query = new URLSearchParams({ start_date: date });
  const input = `'msg': 'Input should be a valid datetime or date, ${problem}', 'input': '${date}'`;
  expect(await api.json(`${PATH}?${query.toString()}`)).toEqual({
    status: 422,
    body: {
      trace_id: '',
      detail: `[{'type': 'datetime_from_date_parsing', 'loc': ('query', 'start_date'), ${input}, 'ctx': {'error': '${problem}'}}]`,
    },
  });
});

test.each(['0000-01-01', '0000-12-31T00:00:00', '-62135596800001'])(
  'the date %s lies in a year that Python does not have',
  async (date) => {
    await using api = await runningApi([]);
    const { status, body } = await api.json(`${PATH}?end_date=${date}`);
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('Input should be a valid datetime, year 0 is out of range');
  },
);

test.each([
  'start_date=0001-01-01T00:00:00%2B00:01',
  'end_date=9999-12-31T23:59:59.999999-00:01',
  'step_count=2147483648',
  'step_count=-2147483649',
  'duration_value=9223372036854775808&duration_operator=eq',
  'duration_percentile=101',
  'duration_percentile=-1',
  'tools_used=%00',
  'project_id=%00',
  'run_id=%00',
  'before=%00',
])('%s is a 500, as PostgreSQL refuses it', async (query) => {
  await using api = await runningApi(RUNS);
  expect(await api.json(`${PATH}?${query}`)).toEqual({
    status: 500,
    body: { detail: 'A database error occurred.' },
  });
});

test('by duration, a cursor is not even looked at', async () => {
  await using api = await runningApi(RUNS);
  expect((await api.json(`${PATH}?order_by=duration&before=%00`)).status).toBe(200);
});
