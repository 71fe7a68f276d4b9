import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { InvalidCursorError, VanishedPositionError } from '../../src/lists/list-errors.ts';
import { anyServers, instantAt, pages, rowLists, rowsUpTo } from './arbitraries.ts';
import { argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, type Fault, type Filter, type Row, type Script, serve } from './fake-list.ts';
import { check } from './property.ts';

/** What may be wrong with an answer, as far as its rows show it. */
const FAULTS: Readonly<Record<string, Fault>> = {
  'two rows swapped': ([one, two, ...rest]) => [two, one, ...rest].filter((row) => row !== undefined),
  'the last row twice': (rows) => [...rows, ...rows.slice(-1)],
  'its order reversed': (rows) => rows.toReversed(),
  'all other rows in front': (rows, all) => [...all.filter((row) => !rows.includes(row)), ...rows],
  'the whole list': (_rows, all) => all,
  'a failure': () => {
    throw new UpstreamError('UPSTREAM_ERROR', 'down');
  },
};

it('A page that is not what was asked for is an error, and never data', async () => {
  const fault = fc.constantFrom(...Object.keys(FAULTS));
  const cases = fc.record({ rows: rowLists(), server: anyServers, page: pages, fault, at: fc.nat(4) });
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

const ROWS = rowsUpTo(5);
const range = { filter: {}, order: 'asc', after: null, limit: 3 } as const;
const sent = (...indexes: number[]) => ({ fault: () => indexes.map((index) => ROWS[index] as Row) });
const listOf = (script: Partial<Script>, knowledge = {}) =>
  new FakeList({ rows: ROWS, dialect: 'reversed', ...script }, knowledge);

it.each<[why: string, Partial<Script>, Filter, problem: string, detail: string]>([
  ['are out of order', sent(1, 0), {}, 'order', 'row 1, row-100, does not come after row 0'],
  ['come twice', sent(0, 1, 1), {}, 'order', 'row 2, row-101, does not come after row 1'],
  ['are too many', sent(0, 1, 2, 3), {}, 'length', 'expected at most 3 rows, but got 4'],
  [
    'do not match',
    { ignored: ['owner', 'owners'] },
    { owner: 'ann', colors: ['red'], owners: ['bob'] },
    'filter',
    "rows that don't match the filter: owner, owners ignored",
  ],
])('Rows that %s are refused', async (_why, script, filter, problem, detail) => {
  const list = listOf(script);
  const error = await list.readRange({ ...range, filter }).catch((reason: unknown) => reason);
  const message = `The page does not answer its query: ${detail}`;
  expect(error).toMatchObject({ code: 'UPSTREAM_INVALID_RESPONSE', message });
  expect(list.failedChecks).toEqual([problem]);
  if (problem !== 'filter') return;
  expect((error as UpstreamError).extensions).toMatchObject({ ignoredArguments: ['owner', 'owners'] });
  expect((error as UpstreamError).messageFor(false)).toContain('it sent rows that do not match');
});

it('An upstream that never sends what follows a row is asked once if its dialect is configured', async () => {
  const list = listOf({ dialect: 'documented' }, { forced: 'reversed' });
  const outcome = list.readRange({ ...range, after: { key: instantAt(102), id: 'row-102' } });
  await expect(outcome).rejects.toThrow(new VanishedPositionError('row-102'));
  expect([list.asked.length, list.failedChecks]).toEqual([1, ['position']]);
});
