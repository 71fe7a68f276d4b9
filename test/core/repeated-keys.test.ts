import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { RepeatedKeysError } from '../../src/lists/errors.ts';
import { COLORS, instantAt, OWNERS, pages, rowLists, servers } from './arbitraries.ts';
import { argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, type Row, serve } from './fake-list.ts';
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

describe('A server', () => {
  const rows: readonly Row[] = Array.from({ length: 80 }, (_, index) => ({
    id: `row-${index}`,
    key: instantAt(index),
    owner: OWNERS[index % 4] ?? 'ann',
    color: COLORS[index % 2] ?? 'red',
  }));
  const top = { order: 'asc', after: null, limit: 70 } as const;
  const filter = { owners: ['ann', 'bob'], colors: ['red', 'blue'] };
  const askedOf = (list: FakeList) =>
    list.asked.map((asked) => [asked.filter.owners, asked.filter.colors, asked.limit]);

  it('that understands repeated keys is asked once', async () => {
    const list = new FakeList({ rows, dialect: 'reversed', maxRows: 100 });
    expect(await list.rowsFollowing({ ...top, filter })).toHaveLength(40);
    await list.rowsFollowing({ ...top, filter: { owners: ['eve', 'fay'] } });
    expect(askedOf(list)).toEqual([
      [['ann', 'bob'], ['red', 'blue'], 70],
      [['eve', 'fay'], undefined, 70],
    ]);
    expect(list.memory.repeatedKeys.understood).toBe(true);
  });

  it('that does not is asked for each combination, for a share of the page, and for more where more may follow', async () => {
    const list = new FakeList(
      { rows, dialect: 'reversed', maxRows: 100, joinsKeys: true },
      { repeatedKeys: false },
    );
    expect(await list.rowsFollowing({ ...top, filter })).toHaveLength(40);
    expect(askedOf(list)).toEqual(
      ['ann', 'bob'].flatMap((owner) => ['red', 'blue'].map((color) => [[owner], [color], 50])),
    );
    const colors = { colors: ['red', 'green'] };
    const many = rows.map((row, index) => ({ ...row, color: index < 70 ? 'red' : 'green' }));
    list.rows = many;
    list.asked.length = 0;
    expect(await list.rowsFollowing({ ...top, limit: 60, filter: colors })).toEqual(many.slice(0, 60));
    expect(askedOf(list)).toEqual([
      [undefined, ['red'], 60],
      [undefined, ['green'], 60],
    ]);
  });

  it('gets addresses that it takes', async () => {
    const owners = Array.from({ length: 40 }, (_, index) => `owner-${index}`);
    const list = new FakeList(
      { rows, dialect: 'reversed', maxRows: 100, maxPathBytes: 300 },
      { repeatedKeys: true },
    );
    await list.rowsFollowing({ ...top, filter: { owners } });
    expect(list.asked.map((asked) => asked.filter.owners?.length)).toEqual([5, 5, 5, 5, 5, 5, 5, 5]);
    expect(list.asked.flatMap((asked) => asked.filter.owners)).toEqual(owners);
  });

  it('is told that one request must do, where it would need several', async () => {
    const list = new FakeList({ rows, dialect: 'reversed', joinsKeys: true });
    const outcome = list.rowsFollowing({ ...top, filter, limit: 5, isOneRequest: true });
    await expect(outcome).rejects.toThrow(new RepeatedKeysError());
    expect(list.memory.repeatedKeys.understood).toBe(false);
  });

  it('that fails is believed nothing', async () => {
    const fault = () => {
      throw new UpstreamError('UPSTREAM_ERROR', 'down', { status: 500 });
    };
    const list = new FakeList({ rows, dialect: 'reversed', fault });
    await expect(list.rowsFollowing({ ...top, filter, limit: 5 })).rejects.toMatchObject({ message: 'down' });
    expect(list.memory.repeatedKeys.understood).toBeUndefined();
  });
});
