import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { batchOwners } from '../../src/lists/batches.ts';
import { COLORS, OWNERS, rowLists } from './arbitraries.ts';
import { FakeList, type Fault, type Knowledge, matches, type Row, type Script } from './fake-list.ts';
import { check } from './property.ts';
import { relayPage } from './relay-model.ts';

/** A list of which the ranges of several owners are asked for together. */
function batched(script: Omit<Script, 'dialect'>, knowledge: Knowledge = {}) {
  const list = new FakeList({ dialect: 'reversed', ...script }, knowledge);
  const ownership = {
    one: 'owner',
    several: 'owners',
    ownerOf: ({ owner }: Row) => owner,
    takesSeveral: () => list.memory.repeatedKeys.understood !== false,
  };
  return { list, rowsFollowing: batchOwners(list.list, list, ownership) };
}

const query = fc.record({
  owner: fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...OWNERS, 'eve') }, fc.constant(undefined)),
  color: fc.option(fc.constantFrom(...COLORS), { nil: undefined }),
  order: fc.constantFrom('asc' as const, 'desc' as const),
  after: fc.option(fc.nat(40), { nil: undefined, freq: 3 }),
  limit: fc.integer({ min: 1, max: 5 }),
});

describe('Ranges of several owners', () => {
  it('are those that each would have alone, wherever the rows lie', async () => {
    const cases = fc.record({
      rows: rowLists(),
      maxLimit: fc.constantFrom(1, 3, 1000),
      queries: fc.array(query, { minLength: 1, maxLength: 8 }),
      joinsKeys: fc.boolean(),
      repeatedKeys: fc.constantFrom(undefined, 'known'),
    });
    await check(cases, 1500, async ({ rows, queries, joinsKeys, repeatedKeys, maxLimit }) => {
      const known = repeatedKeys && !joinsKeys;
      const { rowsFollowing } = batched({ rows, joinsKeys, maxLimit }, { repeatedKeys: known });
      const answers = queries.map(async ({ owner, color, order, after, limit }) => {
        const position = after === undefined ? undefined : rows[after];
        const filter = { owner, colors: color && [color] };
        const found = await rowsFollowing({ filter, order, limit, after: position ?? null });
        const expected = relayPage(
          rows.filter((row) => matches(row, filter)),
          { order, after: position, first: limit },
        );
        expect([...found]).toEqual(expected.rows);
      });
      await Promise.all(answers);
    });
  });

  const ROWS = OWNERS.flatMap((owner, at) =>
    [0, 1, 2, 3, 4].map((number) => ({
      id: `row-${owner}${number}`,
      key: `${number}${at}`,
      owner,
      color: 'red',
    })),
  );
  const top = { order: 'asc', after: null, limit: 2 } as const;
  const askedOf = (list: FakeList) =>
    list.asked.map(({ filter, limit }) => [filter.owners ?? filter.owner, limit]);

  it('take one request if their rows are spread evenly', async () => {
    const { list, rowsFollowing } = batched({ rows: ROWS, maxRows: 40 });
    const found = await Promise.all(OWNERS.map((owner) => rowsFollowing({ ...top, filter: { owner } })));
    expect(found.map((rows) => Array.from(rows, ({ id }) => id))).toEqual(
      OWNERS.map((owner) => [`row-${owner}0`, `row-${owner}1`]),
    );
    expect(askedOf(list)).toEqual([[[...OWNERS], 24]]);
  });

  it('are asked for again for those that got too few, and the last one alone', async () => {
    const late = ROWS.map((row) => (row.owner === 'dan' ? { ...row, key: `9${row.key}` } : row));
    const { list, rowsFollowing } = batched({ rows: late, maxRows: 12 });
    await Promise.all(OWNERS.map((owner) => rowsFollowing({ ...top, filter: { owner } })));
    expect(askedOf(list)).toEqual([
      [[...OWNERS], 12],
      ['dan', 2],
    ]);
  });

  it('are asked for once where they are the same, in groups that fit into a page', async () => {
    const { list, rowsFollowing } = batched({ rows: ROWS, maxRows: 12 });
    const owners = [...OWNERS, ...OWNERS, 'eve'];
    await Promise.all(owners.map((owner) => rowsFollowing({ ...top, limit: 4, filter: { owner } })));
    expect(askedOf(list)).toEqual([
      [['ann', 'bob', 'cyd'], 12],
      [['dan', 'eve'], 12],
    ]);
  });

  it('are asked for one by one where repeated keys are not understood', async () => {
    const { list, rowsFollowing } = batched({ rows: ROWS, joinsKeys: true }, { repeatedKeys: false });
    await Promise.all(OWNERS.map((owner) => rowsFollowing({ ...top, filter: { owner } })));
    expect(askedOf(list)).toEqual(OWNERS.map((owner) => [owner, 2]));
  });

  it('fail together with their request, and no others do', async () => {
    const fault: Fault = (rows, _all, _at, { order }) => {
      if (order === 'asc') throw new UpstreamError('UPSTREAM_ERROR', 'down');
      return rows;
    };
    const { rowsFollowing } = batched({ rows: ROWS, fault });
    const ask = (owner: string, order: 'asc' | 'desc') => rowsFollowing({ ...top, order, filter: { owner } });
    const outcomes = await Promise.allSettled([
      ask('ann', 'asc'),
      ask('bob', 'asc'),
      ask('ann', 'desc'),
      ask('bob', 'desc'),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled']);
    expect(outcomes[1]).toMatchObject({ reason: { code: 'UPSTREAM_ERROR' } });
  });
});
