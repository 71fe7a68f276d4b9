import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GatewayError } from '../../src/errors/gateway-error.ts';
import { encodeCursor } from '../../src/lists/pages/cursor.ts';
import { changes, pages, rowLists, servers } from './arbitraries.ts';
import { argumentsOf, expectDeleted, expectPage, selectedOf } from './ask-page.ts';
import { matches, type Row, serve } from './fake-list.ts';
import { check } from './property.ts';
import { problemsOf, relayPage } from './relay-model.ts';
import { bounds, isWithin, search, SEEKS, seeks } from './windows.ts';

const cases = fc.record({ rows: rowLists(), server: servers, page: pages, window: bounds, seek: seeks });

/** What a client is told that has asked for too much. */
interface Advice {
  readonly budget: number;
  readonly found: number;
  readonly cursor: string | null;
  readonly argument: 'after' | 'before';
}

function adviceOf(error: unknown): Advice {
  if (!(error instanceof GatewayError) || error.code !== 'SCAN_BUDGET_EXCEEDED') throw error;
  const advice = error.extensions as unknown as Advice;
  const { budget, found, argument } = advice;
  const [size, flag, side] =
    argument === 'after' ? ['first', 'hasPreviousPage', 'before'] : ['last', 'hasNextPage', 'after'];
  const none = `go on with ${argument}: extensions.cursor`;
  const some = `ask for ${size}: ${found} with ${argument}: extensions.cursor, and without hasNextPage and hasPreviousPage`;
  const why = `Read ${budget} rows of the list without finding`;
  expect([
    `${why} all runs of the page; ${found} were found. To see what follows, ${found === 0 ? none : some}; or narrow createdAfter and createdBefore.`,
    `${why} out whether runs of the window come ${side} the page. Ask for it without ${flag}; or narrow createdAfter and createdBefore.`,
  ]).toContain(error.message);
  return advice;
}

describe('A page of a window', () => {
  it('is that of the Relay specification, or too far away for its budget', async () => {
    const budgeted = fc.tuple(cases, fc.integer({ min: 1, max: 60 }));
    await check(budgeted, 3000, async ([{ rows, server, page, window, seek }, budget]) => {
      const list = serve(rows, server, { seek: seek(rows) });
      const { asked, texts } = argumentsOf(page, rows);
      const wanted = rows.filter((row) => isWithin(row, window));
      try {
        expectPage(await search(list, page, { texts, window, budget }), wanted, asked, page);
      } catch (error) {
        const advice = adviceOf(error);
        expect([advice.budget, advice.argument]).toEqual([budget, 'last' in page.size ? 'before' : 'after']);
        expect(budget).toBeLessThan(4 * rows.length);
        // It is one page as far as it was found.
        const { rows: expected } = relayPage(
          wanted.filter((row) => matches(row, page.filter)),
          asked,
        );
        const along = asked.last === undefined ? expected : expected.toReversed();
        expect(advice.found).toBeLessThanOrEqual(along.length);
      }
    });
  });

  it('can be read to its end by following what its errors say', async () => {
    const budgeted = fc.tuple(cases, fc.integer({ min: 1, max: 20 }));
    await check(budgeted, 1500, async ([{ rows, server, page, window, seek }, budget]) => {
      // A position of a row that has just been deleted leads nowhere.
      const list = serve(rows, server, { seek: seek === SEEKS['one that goes'] ? undefined : seek(rows) });
      const isForward = !('last' in page.size);
      const { order, filter } = page;
      const [argument, flag] = isForward
        ? (['after', 'hasNextPage'] as const)
        : (['before', 'hasPreviousPage'] as const);
      const read: Row[] = [];
      /** The next request: as the last error said, or else for as many rows as can be, and whether there are more. */
      let [text, size, needsFlag]: [string | undefined, number, boolean] = [undefined, 12, true];
      for (let isMore = true; isMore;) {
        const needs = { rows: true, hasNextPage: false, hasPreviousPage: false, [flag]: needsFlag };
        const request = { order, filter, size: isForward ? { first: size } : { last: size }, needs };
        try {
          const found = await search(list, request, { texts: { [argument]: text }, window, budget });
          read.push(...(isForward ? found.rows : found.rows.toReversed()));
          isMore = !needsFlag || found[flag] === true;
          const last = read.at(-1);
          text = last && encodeCursor(last);
          [size, needsFlag] = [12, true];
        } catch (error) {
          const advice = adviceOf(error);
          expect(advice.argument).toBe(argument);
          // Some rows can be had, or there are none up to a cursor that is further along.
          expect(needsFlag && (advice.found > 0 || advice.cursor !== text)).toBe(true);
          text = advice.cursor ?? undefined;
          if (advice.found > 0) [size, needsFlag] = [advice.found, false];
        }
      }
      const wanted = rows.filter((row) => isWithin(row, window) && matches(row, filter));
      const { rows: expected } = relayPage(wanted, { order });
      expect(read).toEqual(isForward ? expected : expected.toReversed());
    });
  });

  it('of a list that changes holds what was always there, and nothing that never was', async () => {
    const changing = fc.tuple(cases, changes);
    await check(changing, 1500, async ([{ rows, server, page, window, seek }, happening]) => {
      const list = serve(rows, server, { seek: seek(rows), changes: happening });
      const { asked, texts } = argumentsOf(page, rows);
      const needs = { ...page.needs, rows: true };
      try {
        const answered = await search(list, { ...page, needs }, { texts, window, budget: 1000 });
        const [first = [], ...others] = list.momentsOf(page.filter, (row) => isWithin(row, window));
        // Several requests are no snapshot: of rows that come and go in turns, each may find none. So a flag is right
        // as well for those that were always there.
        const always = first.filter(({ id }) => others.every((other) => other.some((row) => row.id === id)));
        const moments = [first, ...others, always];
        expect(problemsOf(selectedOf(answered, needs), asked, moments)).toEqual([]);
      } catch (error) {
        expectDeleted(error, asked, list);
      }
    });
  });
});
