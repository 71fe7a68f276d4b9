import { describe, expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import type { CursorDialect } from '../../../src/embedded-api/server.ts';
import { FIVE_RUNS, type RunningApi, runId, runningApi } from '../running-api.ts';

/** `before=R3` in the table's shorthand is the run's real id in the query. */
const expand = (shorthand: string): string =>
  shorthand.replaceAll(/R(\d)/g, (_, number) => runId(Number(number)));

async function listed(api: RunningApi, shorthand: string): Promise<string> {
  const ids = await api.ids(expand(shorthand));
  return ids.map((id) => `R${Number(id.slice(4, 12))}`).join(' ');
}

/** What Letta 0.16.7 answered on PostgreSQL: query, all rows, with `limit=2`. */
const REVERSED: readonly (readonly [query: string, all: string, two: string])[] = [
  ['order=desc', 'R5 R4 R3 R2 R1', 'R5 R4'],
  ['order=desc&before=R5', 'R4 R3 R2 R1', 'R4 R3'],
  ['order=desc&before=R3', 'R2 R1', 'R2 R1'],
  ['order=desc&before=R1', '', ''],
  ['order=desc&after=R5', '', ''],
  ['order=desc&after=R3', 'R5 R4', 'R5 R4'],
  ['order=desc&after=R2', 'R5 R4 R3', 'R5 R4'],
  ['order=desc&after=R1', 'R5 R4 R3 R2', 'R5 R4'],
  ['order=desc&before=R5&after=R1', 'R4 R3 R2', 'R4 R3'],
  ['order=desc&before=R1&after=R5', '', ''],
  ['order=asc', 'R1 R2 R3 R4 R5', 'R1 R2'],
  ['order=asc&before=R1', 'R2 R3 R4 R5', 'R2 R3'],
  ['order=asc&before=R3', 'R4 R5', 'R4 R5'],
  ['order=asc&before=R5', '', ''],
  ['order=asc&after=R5', 'R1 R2 R3 R4', 'R1 R2'],
  ['order=asc&after=R3', 'R1 R2', 'R1 R2'],
  ['order=asc&before=R1&after=R5', 'R2 R3 R4', 'R2 R3'],
  ['order=asc&before=R5&after=R1', '', ''],
  ['order=desc&before=R3&after=R3', '', ''],
  ['order=asc&before=R3&after=R3', '', ''],
];

/** The same as the API reference describes it. */
const DOCUMENTED: typeof REVERSED = [
  ['order=desc', 'R5 R4 R3 R2 R1', 'R5 R4'],
  ['order=desc&after=R5', 'R4 R3 R2 R1', 'R4 R3'],
  ['order=desc&after=R3', 'R2 R1', 'R2 R1'],
  ['order=desc&after=R1', '', ''],
  ['order=desc&before=R5', '', ''],
  ['order=desc&before=R3', 'R5 R4', 'R5 R4'],
  ['order=desc&before=R2', 'R5 R4 R3', 'R5 R4'],
  ['order=desc&before=R1', 'R5 R4 R3 R2', 'R5 R4'],
  ['order=desc&after=R5&before=R1', 'R4 R3 R2', 'R4 R3'],
  ['order=desc&after=R1&before=R5', '', ''],
  ['order=asc', 'R1 R2 R3 R4 R5', 'R1 R2'],
  ['order=asc&after=R1', 'R2 R3 R4 R5', 'R2 R3'],
  ['order=asc&after=R3', 'R4 R5', 'R4 R5'],
  ['order=asc&after=R5', '', ''],
  ['order=asc&before=R5', 'R1 R2 R3 R4', 'R1 R2'],
  ['order=asc&before=R3', 'R1 R2', 'R1 R2'],
  ['order=asc&after=R1&before=R5', 'R2 R3 R4', 'R2 R3'],
  ['order=asc&after=R5&before=R1', '', ''],
  ['order=desc&after=R3&before=R3', '', ''],
  ['order=asc&after=R3&before=R3', '', ''],
];

describe.each([
  ['reversed', REVERSED],
  ['documented', DOCUMENTED],
] as const)('the %s dialect', (dialect, table) => {
  test.each(table)('%s lists %j, and with limit=2 %j', async (query, all, two) => {
    await using api = await runningApi(FIVE_RUNS, { dialect });
    expect(await listed(api, query)).toBe(all);
    expect(await listed(api, `${query}&limit=2`)).toBe(two);
  });
});

const FIRST_PAGE = 'R5 R4 R3 R2 R1';

test.each([
  ['an unknown run', runId(77), FIRST_PAGE],
  ['no id at all', 'garbage', FIRST_PAGE],
  ['an empty text', '', FIRST_PAGE],
  ['invalid UTF-8', '%ff', FIRST_PAGE],
  ["another organization's run", runId(6), 'R3 R2 R1'],
  ['a run with the job- prefix', 'job-00000009-0000-4000-8000-000000000000', 'R3 R2 R1'],
])('a cursor that is %s', async (_, cursor, expected) => {
  await using api = await runningApi(FIVE_RUNS);
  const created_at = '2025-01-01T00:00:03Z';
  api.store.insert([
    { id: runId(6), agent_id: 'agent-z', created_at, organization_id: SECOND_ACTOR.organizationId },
    {
      id: 'job-00000009-0000-4000-8000-000000000000',
      agent_id: 'agent-z',
      created_at,
      organization_id: SECOND_ACTOR.organizationId,
    },
  ]);
  expect(await listed(api, `before=${cursor}`)).toBe(expected);
});

test('a cursor whose run was deleted starts again on page one', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.delete(runId(3));
  expect(await listed(api, 'before=R3')).toBe('R5 R4 R2 R1');
});

test('a cursor is a position, whether or not its run passes the filters', async () => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await listed(api, 'agent_id=agent-a&before=R4')).toBe('R2 R1');
});

test('rows with the job- prefix are listed before run- rows of the same microsecond', async () => {
  await using api = await runningApi(FIVE_RUNS);
  const id = 'job-99999999-0000-4000-8000-000000000000';
  api.store.insert([{ id, agent_id: 'agent-a', created_at: '2025-01-01T00:00:02.500000Z' }]);
  expect(await api.ids('order=asc')).toEqual([runId(1), id, ...[2, 3, 4, 5].map(runId)]);
});

/** 505 runs in 404 microseconds: every fifth shares the time of the one before it. */
const MANY_RUNS = Array.from({ length: 505 }, (_, at) => {
  const moment = at - Math.floor((at + 1) / 5);
  const micros = String(moment * 3).padStart(6, '0');
  return {
    // Neither of a tied pair's ids is always the smaller.
    id: runId((at * 379) % 1009),
    agent_id: at % 3 === 0 ? 'agent-a' : 'agent-b',
    created_at: `2025-03-01T12:00:00.${micros}Z`,
    status: at % 2 === 0 ? 'completed' : 'failed',
  };
});

describe.each([
  ['reversed', 'before'],
  ['documented', 'after'],
] as const satisfies readonly (readonly [CursorDialect, string])[])(
  'a walk in the %s dialect',
  (dialect, next) => {
    test.each(
      ['asc', 'desc'].flatMap((order) =>
        [7, 100, 1000].flatMap((size) =>
          ['', '&agent_id=agent-a', '&statuses=completed&statuses=failed'].map(
            (filter) => [order, size, filter] as const,
          ),
        ),
      ),
    )('%s by %i%s meets every run once', async (order, size, filter) => {
      await using api = await runningApi(MANY_RUNS, { dialect });
      const walked: string[] = [];
      let page = await api.ids(`order=${order}&limit=${size}${filter}`);
      while (page.length > 0) {
        walked.push(...page);
        page = await api.ids(`order=${order}&limit=${size}${filter}&${next}=${page.at(-1)}`);
      }
      const expected = MANY_RUNS.filter(
        ({ agent_id }) => !filter.includes('agent-a') || agent_id === 'agent-a',
      )
        .map(({ created_at, id }) => ({ key: `${created_at} ${id}`, id }))
        .toSorted((a, b) => (a.key < b.key ? -1 : 1))
        .map(({ id }) => id);
      expect(walked).toEqual(order === 'asc' ? expected : expected.toReversed());
    });
  },
);
