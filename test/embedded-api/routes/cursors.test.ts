import { describe, expect, test } from 'vitest';
import { SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import type { CursorDialect } from '../../../embedded-api/server.ts';
import { AGENT_IDS } from '../../support/random-runs.ts';
import { expectedIds, type ListRequest, runsToList } from '../list-model.ts';
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
  test.each(table)('the query %s lists %j, and with limit=2 %j', async (query, all, two) => {
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
])('a cursor that is %s lists what it should', async (_, cursor, expected) => {
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

const MANY_RUNS = runsToList(505);
const [AGENT = ''] = AGENT_IDS;
const FILTERS: readonly ListRequest[] = [{}, { agent_id: AGENT }, { statuses: ['completed', 'failed'] }];

describe.each([
  ['reversed', 'before'],
  ['documented', 'after'],
] as const satisfies readonly (readonly [CursorDialect, string])[])(
  'a walk in the %s dialect',
  (dialect, next) => {
    test.each(
      ['asc', 'desc'].flatMap((order) =>
        [7, 100, 1000].flatMap((size) => FILTERS.map((filters) => [order, size, filters] as const)),
      ),
    )(
      'order %s with %i runs per page and the filters %j meets every run once',
      async (order, size, filters) => {
        await using api = await runningApi(MANY_RUNS, { dialect });
        const query = new URLSearchParams({ order, limit: String(size) });
        if (filters.agent_id !== undefined) query.set('agent_id', filters.agent_id);
        for (const status of filters.statuses ?? []) query.append('statuses', status);
        const walked: string[] = [];
        let page = await api.ids(query.toString());
        while (page.length > 0) {
          walked.push(...page);
          query.set(next, page.at(-1) ?? '');
          page = await api.ids(query.toString());
        }
        const all = { ...filters, limit: MANY_RUNS.length, ascending: order === 'asc' };
        expect(walked).toEqual(expectedIds(MANY_RUNS, all, dialect));
      },
    );
  },
);
