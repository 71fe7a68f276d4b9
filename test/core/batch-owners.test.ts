import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { batchOwners } from '../../src/lists/batch-owners.ts';
import { keyOfFilter } from '../../src/lists/filters.ts';
import { COLORS, instantAt, OWNERS, rowLists, rowsUpTo } from './arbitraries.ts';
import { FakeList, type Fault, type Filter, LIST, matches, type Row, type Script } from './fake-list.ts';
import { check } from './property.ts';
import { relayPage } from './relay-model.ts';

/** A list of which the ranges of several owners are asked for together. */
function batched(script: Omit<Script, 'dialect'>) {
  const list = new FakeList({ dialect: 'reversed', ...script });
  const ownership = { singleFilter: 'owner', listFilter: 'owners', ownerOf: ({ owner }: Row) => owner };
  return { list, readBatched: batchOwners<Row, Filter>(list.list, list.readRange, ownership) };
}

/** Queries that differ only in their owners, and so can be asked together. */
const alike = fc.record({
  owners: fc.subarray([...OWNERS, 'eve'], { minLength: 1 }),
  color: fc.option(fc.constantFrom(...COLORS), { nil: undefined }),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  after: fc.option(fc.nat(40), { nil: undefined, freq: 3 }),
  limit: fc.integer({ min: 1, max: 5 }),
});

it('Filters have keys that stay the same when a list gains others', () => {
  const { owner, owners, colors } = LIST.filters;
  const filter = { colors: ['red'], owner: undefined };
  expect(keyOfFilter({ owner, owners, colors }, filter)).toBe(keyOfFilter({ colors }, filter));
  expect(keyOfFilter({ owners, colors }, { owners: ['red'] })).not.toBe(keyOfFilter({ colors }, filter));
});

describe('Pages of many agents', () => {
  it('are those that each would have alone, wherever the rows lie', async () => {
    const cases = fc.record({
      rows: rowLists(),
      maxLimit: fc.constantFrom(1, 3, 1000),
      groups: fc.array(alike, { minLength: 1, maxLength: 3 }),
    });
    await check(cases, 1500, async ({ rows, groups, maxLimit }) => {
      const { readBatched } = batched({ rows, maxLimit });
      const queries = groups.flatMap(({ owners, ...rest }) => owners.map((owner) => ({ owner, ...rest })));
      const answers = queries.map(async ({ owner, color, order, after, limit }) => {
        const position = after === undefined ? undefined : rows[after];
        const filter = { owner, colors: color && [color] };
        const found = await readBatched({ filter, order, limit, after: position ?? null });
        const expected = relayPage(
          rows.filter((row) => matches(row, filter)),
          { order, after: position, first: limit },
        );
        expect([...found]).toEqual(expected.rows);
      });
      await Promise.all(answers);
    });
  });

  const owned = (latest?: string) =>
    rowsUpTo(20, (index) => (OWNERS[index % 4] === latest ? { key: instantAt(900 + index) } : {}));
  const top = { order: 'asc', after: null } as const;
  const ALL = OWNERS.join();

  it.each<[string, Omit<Script, 'dialect'>, owners: string, limit: number, asked: readonly string[]]>([
    ['one request if their rows are spread evenly', { rows: owned(), maxRows: 40 }, ALL, 2, [`${ALL} 24`]],
    ['another one for a single one that got too few', { rows: owned('dan') }, ALL, 2, [`${ALL} 12`, 'dan 2']],
    [
      'one for the same ones, in groups that fit into a page',
      { rows: owned() },
      `${ALL},${ALL},eve`,
      4,
      ['ann,bob,cyd 12', 'dan,eve 12'],
    ],
  ])('take %s', async (_what, script, owners, limit, asked) => {
    const { list, readBatched } = batched(script);
    await Promise.all(owners.split(',').map((owner) => readBatched({ ...top, limit, filter: { owner } })));
    const sent = list.asked.map(({ filter, limit: most }) => [filter.owners ?? filter.owner, most].join(' '));
    expect(sent).toEqual(asked);
  });

  it('are read one by one behind rows of the same instant', async () => {
    const rows = rowsUpTo(4, () => ({ key: instantAt(100), owner: 'ann' }));
    const { readBatched } = batched({ rows });
    const filter = { owner: 'ann' };
    const answers = rows.map((after) => readBatched({ filter, order: 'asc', after, limit: 1 }));
    expect((await Promise.all(answers)).map((found) => found.at(0))).toEqual([...rows.slice(1), undefined]);
  });

  it('fail together with their request, and no others do', async () => {
    const fault: Fault = (rows, _all, _at, { order }) => {
      if (order === 'asc') throw new UpstreamError('UPSTREAM_ERROR', 'down');
      return rows;
    };
    const { readBatched } = batched({ rows: owned(), fault });
    const outcomes = await Promise.allSettled(
      (['asc', 'desc'] as const).flatMap((order) =>
        OWNERS.map((owner) => readBatched({ ...top, order, limit: 2, filter: { owner } })),
      ),
    );
    const statuses = ['rejected', 'fulfilled'].flatMap((status) => OWNERS.map(() => status));
    expect(outcomes.map(({ status }) => status)).toEqual(statuses);
    expect(outcomes[3]).toMatchObject({ reason: { code: 'UPSTREAM_ERROR' } });
  });
});
