import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { InvalidCursorError, VanishedPositionError } from '../../src/lists/errors.ts';
import { instantAt, pages, rowLists, servers } from './arbitraries.ts';
import { argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, type Fault, type Filter, type Row, type Script, serve } from './fake-list.ts';
import { check } from './property.ts';

const fails: Fault = () => {
  throw new UpstreamError('UPSTREAM_ERROR', 'down');
};

/** What may be wrong with an answer, as far as its rows show it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'two rows swapped': ([one, two, ...rest]) => [two, one, ...rest].filter((row) => row !== undefined),
  'the last row twice': (rows) => [...rows, ...rows.slice(-1)],
  'its order reversed': (rows) => rows.toReversed(),
  'all other rows in front': (rows, all) => [...all.filter((row) => !rows.includes(row)), ...rows],
  'the whole list': (_rows, all) => all,
  'a failure': fails,
};

it('A page that is not what was asked for is an error, and never data', async () => {
  const fault = fc.constantFrom(...Object.keys(FAULTS));
  const cases = fc.record({ rows: rowLists(), server: servers, page: pages, fault, at: fc.nat(4) });
  await check(cases, 2500, async ({ rows, server, page, fault: name, ...one }) => {
    let { at } = one;
    const bad: Fault = (sent, all, ...[request, ...rest]) =>
      (request === at ? FAULTS[name]?.(sent, all, request, ...rest) : undefined) ?? sent;
    const list = serve(rows, server, { fault: bad });
    const { asked, texts } = argumentsOf(page, rows);
    try {
      expectPage(await loadFrom(list, page, texts), rows, asked, page);
    } catch (error) {
      if (error instanceof InvalidCursorError) return;
      if (!(error instanceof UpstreamError)) throw error;
      expect(error.code).toBe(name === 'a failure' ? 'UPSTREAM_ERROR' : 'UPSTREAM_INVALID_RESPONSE');
    }
    // No later page suffers from it.
    at = -1;
    expectPage(await loadFrom(list, page, texts), rows, asked, page);
  });
});

it('A page of a server that ignores filters is whole, or an error that names them', async () => {
  const ignored = fc.subarray(['owner', 'colors'], { minLength: 1 });
  const cases = fc.record({ rows: rowLists(), server: servers, page: pages, ignored });
  await check(cases, 500, async ({ rows, server, page, ignored: names }) => {
    const list = serve(rows, server, { ignored: names });
    const { asked, texts } = argumentsOf(page, rows);
    try {
      expectPage(await loadFrom(list, page, texts), rows, asked, page);
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      expect(error.ignoredFilters.length).toBeGreaterThan(0);
      expect(names).toEqual(expect.arrayContaining([...error.ignoredFilters]));
    }
  });
});

const row = (number: number): Row => ({
  id: `row-${number}`,
  key: instantAt(number),
  owner: number % 2 === 0 ? 'ann' : 'bob',
  color: 'red',
});
const ROWS = [1, 2, 3, 4, 5].map(row);
const range = { filter: {}, order: 'asc', after: null, limit: 3 } as const;

describe('Rows that are no answer are refused', () => {
  it.each<[why: string, Partial<Script> & { filter?: Filter }, problem: string, detail: string]>([
    [
      'that are out of order',
      { fault: () => [row(2), row(1)] },
      'order',
      'row 1, row-1, does not come after row 0',
    ],
    [
      'that come twice',
      { fault: () => [row(1), row(2), row(2)] },
      'order',
      'row 2, row-2, does not come after row 1',
    ],
    ['that are too many', { fault: () => ROWS }, 'length', 'expected at most 3 rows, but got 5'],
    [
      'that do not match',
      { filter: { owner: 'ann', colors: ['red'], owners: ['bob'] }, ignored: ['owner', 'owners'] },
      'filter',
      "rows that don't match the filter: owner, owners ignored",
    ],
  ])('%s', async (_why, { filter = {}, ...script }, problem, detail) => {
    const list = new FakeList({ rows: ROWS, dialect: 'reversed', ...script });
    const outcome = list.rowsFollowing({ ...range, filter });
    await expect(outcome).rejects.toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: `The page does not answer its query: ${detail}`,
      ignoredFilters: problem === 'filter' ? ['owner', 'owners'] : [],
    });
    expect(list.failedChecks).toEqual([problem]);
  });

  it('with a message for clients that says which arguments were ignored', async () => {
    const list = new FakeList({ rows: ROWS, dialect: 'reversed', ignored: ['owner'] });
    const error = await list
      .rowsFollowing({ ...range, filter: { owner: 'ann' } })
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(UpstreamError);
    expect((error as UpstreamError).messageFor(false)).toMatch(
      /ignored owner: it sent rows that do not match/,
    );
  });
});

describe('A server that never sends what follows a row', () => {
  const after = { key: instantAt(3), id: 'row-3' };

  it('loses the position', async () => {
    const list = new FakeList({ rows: ROWS, dialect: 'reversed', fault: () => [row(1)] });
    await expect(list.rowsFollowing({ ...range, after })).rejects.toThrow(new VanishedPositionError('row-3'));
    expect(list.failedChecks).toEqual(['position', 'position']);
  });

  it('is asked once if its dialect is configured', async () => {
    const list = new FakeList({ rows: ROWS, dialect: 'documented' }, { forced: 'reversed' });
    await expect(list.rowsFollowing({ ...range, after })).rejects.toThrow(
      'The upstream has no page after row-3',
    );
    expect(list.asked).toHaveLength(1);
  });

  it('after any of those before it, is an error', async () => {
    const fault: Fault = (sent, all, _at, { cursors }) => (cursors === undefined ? sent : all.slice(0, 1));
    const list = new FakeList(
      { rows: ROWS, dialect: 'reversed', maxLimit: 2, fault },
      { forced: 'reversed' },
    );
    const error = await list.rowsFollowing(range).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      code: 'UPSTREAM_INVALID_RESPONSE',
      message: 'Pages of the list can not be continued, whichever row they end with',
    });
    expect((error as Error).cause).toBeInstanceOf(VanishedPositionError);
  });
});
