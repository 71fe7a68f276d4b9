import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import type { RangeQuery } from '../../src/lists/list.ts';
import { COLORS, OWNERS, pages, rowLists, rowsUpTo, servers } from './arbitraries.ts';
import { argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, type Filter, type Script, serve } from './fake-list.ts';
import { check } from './property.ts';

it('A page of several values is that of the Relay specification, in however many requests', async () => {
  const filter = fc.record({
    owners: fc.oneof(fc.constant(undefined), fc.subarray([...OWNERS, 'eve', 'ann'])),
    colors: fc.oneof(fc.constant(undefined), fc.subarray([...COLORS, 'green'])),
  });
  const cases = fc.record({
    rows: rowLists(),
    server: servers,
    page: pages,
    filter,
    joinsKeys: fc.boolean(),
    isKnown: fc.boolean(),
    maxPathBytes: fc.constantFrom(0, 150, 170, 1000),
  });
  await check(cases, 2000, async ({ rows, server, page, filter: { owners, colors }, isKnown, ...script }) => {
    const repeatedKeys = isKnown ? !script.joinsKeys : undefined;
    const knowing = { ...server, knowledge: { ...server.knowledge, repeatedKeys } };
    const list = serve(rows, knowing, script);
    const { asked, texts } = argumentsOf(page, rows);
    const request = { ...page, filter: { owners, colors } };
    for (let time = 0; time < 2; time++)
      expectPage(await loadFrom(list, request, texts), rows, asked, request);
    if (list.memory.repeatedKeys.understood !== undefined) {
      expect(list.memory.repeatedKeys.understood).toBe(!script.joinsKeys);
    }
  });
});

it('A long page of several values is whole, however unevenly its rows are spread', async () => {
  const cases = fc.record({
    rows: rowLists(300),
    server: servers,
    owners: fc.subarray([...OWNERS, 'eve', 'fay', 'gil'], { minLength: 2 }),
    first: fc.integer({ min: 40, max: 250 }),
    joinsKeys: fc.boolean(),
  });
  await check(cases, 300, async ({ rows, server, owners, first, joinsKeys }) => {
    const knowledge = { ...server.knowledge, repeatedKeys: !joinsKeys };
    const script = { joinsKeys, maxRows: 250, maxLimit: 1000, maxPathBytes: 150 };
    const request = { order: 'desc', size: { first }, filter: { owners } } as const;
    // Nearly all rows are of one owner.
    const uneven = rows.map((row, index) => (index % 8 === 0 ? row : { ...row, owner: 'ann' }));
    const page = await loadFrom(serve(uneven, { ...server, knowledge }, script), request, {});
    expectPage(page, uneven, { order: 'desc', first }, request);
  });
});

describe('A server', () => {
  const rows = rowsUpTo(80, (index) => ({ color: index % 3 === 0 ? 'blue' : 'red' }));
  const filter = { owners: ['ann', 'bob'], colors: ['red', 'blue'] };
  const ask = async (
    script: Partial<Script>,
    repeatedKeys?: boolean,
    query: Partial<RangeQuery<Filter>> = {},
  ) => {
    const list = new FakeList({ rows, dialect: 'reversed', maxRows: 100, ...script }, { repeatedKeys });
    const found = list.rowsFollowing({ filter, order: 'asc', after: null, limit: 70, ...query });
    const { length } = await found;
    const asked = list.asked.map((one) => [one.filter.owners, one.filter.colors, one.limit]);
    return { length, asked, understood: list.memory.repeatedKeys.understood };
  };

  it('that understands repeated keys is asked once', async () => {
    const asked = [[filter.owners, filter.colors, 70]];
    expect(await ask({})).toEqual({ length: 40, asked, understood: true });
    const none = await ask({}, undefined, { filter: { owners: ['eve', 'fay'] } });
    expect(none).toMatchObject({ length: 0, asked: [[['eve', 'fay'], undefined, 70]], understood: true });
  });

  it('that does not is asked for a share of the page, for each combination', async () => {
    const combinations = filter.owners.flatMap((owner) =>
      filter.colors.map((color) => [[owner], [color], 50]),
    );
    expect(await ask({ joinsKeys: true }, false)).toEqual({
      length: 40,
      asked: combinations,
      understood: false,
    });
    expect((await ask({ joinsKeys: true })).asked).toEqual([
      [filter.owners, filter.colors, 70],
      ...combinations,
    ]);
  });

  it('gets addresses that it takes', async () => {
    const owners = Array.from({ length: 40 }, (_, index) => `owner-${index}`);
    const { asked } = await ask({ maxPathBytes: 300 }, true, { filter: { owners } });
    expect(asked).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((part) => [owners.slice(part * 5, part * 5 + 5), undefined, 50]),
    );
  });

  it('is told that one request must do, where it would need several', async () => {
    const outcome = ask({ joinsKeys: true }, undefined, { isOneRequest: true });
    await expect(outcome).rejects.toThrow('The upstream does not understand repeated keys');
  });

  it.each([
    [500, 1],
    [400, 5],
  ])('that fails with %i is asked %i times', async (status, times) => {
    let asked = 0;
    const error = new UpstreamError('UPSTREAM_ERROR', 'down', { status });
    const fault = () => {
      asked += 1;
      throw error;
    };
    await expect(ask({ fault })).rejects.toBe(error);
    expect(asked).toBe(times);
  });
});
