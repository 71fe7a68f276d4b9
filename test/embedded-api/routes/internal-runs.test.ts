import { expect, test } from 'vitest';
import type { NewRun } from '../../../embedded-api/model/rows.ts';
import { runId, runningApi } from '../running-api.ts';

const PATH = '/v1/_internal_runs/';

const RUNS: readonly NewRun[] = ['a', 'a', 'a', 'b', 'b'].map((agent, at) => ({
  agent_id: `agent-${agent}`,
  id: runId(at + 1),
  created_at: `2025-01-01T00:00:0${at}.500001Z`,
}));

const ALL = '5 4 3 2 1';

test.each([
  ['', ALL],
  ['order=asc&limit=2', '1 2'],
  [`before=${runId(3)}`, '2 1'],
  [`after=${runId(3)}`, '5 4'],
  ['start_date=2025-01-01', ALL],
  ['start_date=2025-01-01T00:00:02.500001Z', '5 4 3'],
  ['start_date=2025-01-01T00:00:02.500002Z', '5 4'],
  ['start_date=2025-01-01T00:00:02.500001Z&agent_id=agent-a', '3'],
  ['start_date=2025-01-01T00:00:01.500001Z&end_date=2025-01-01T00:00:02.500001Z', '3 2'],
  ['end_date=2025-01-01T00:00:02.500001Z', '3 2 1'],
  ['end_date=2025-01-01', ''],
  ['end_date=2025-01-01T02:00:02.500001%2B02:00', '3 2 1'],
])('%s lists %s', async (query, expected) => {
  await using api = await runningApi(RUNS);
  const { status, body } = await api.json(`${PATH}?${query}`);
  expect(status).toBe(200);
  expect((body as NewRun[]).map(({ id }) => Number(id.slice(4, 12))).join(' ')).toBe(expected);
});

test.each(['', 'yesterday', '2025-1-1', '2025-13-01', '2025-01-01T05', '2025-01-01T05:00:00 02:00'])(
  'the date %j is refused',
  async (date) => {
    await using api = await runningApi([]);
    const query = new URLSearchParams({ start_date: date });
    expect(await api.json(`${PATH}?${query.toString()}`)).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining("'loc': ('query', 'start_date')") },
    });
  },
);

test('the plain list takes no notice of dates', async () => {
  await using api = await runningApi(RUNS);
  expect(await api.ids('start_date=2999-01-01&end_date=nonsense')).toHaveLength(5);
});
