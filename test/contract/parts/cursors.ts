import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { cursorsBetween } from '../../support/run-list.ts';
import { type Given, type Head, MAX_LIMIT, ORDERS, tooFew } from '../observe.ts';
import { OBSERVING_TIMEOUT_MS } from '../run-details.ts';
import { idsOf, type Query } from '../target.ts';

const DEFAULT_LIMIT = 100;
const LIMITS = [undefined, 1, 2, 100] as const;

/** Page sizes, and how many pages at most. */
const WALKS = [
  { size: 1, pages: 25 },
  { size: 7, pages: 30 },
  { size: 100, pages: 11 },
  { size: 333, pages: 4 },
] as const;

/** Where in a list cursors are tried; two neighbours of equal time if there are any. */
function cursorIndices({ rows, complete }: Head): number[] {
  // Behind the last one there must be as many rows as a page takes.
  const end = complete ? rows.length : rows.length - DEFAULT_LIMIT - 1;
  const tie = rows.findIndex(
    (row, index) => index + 1 < end && row.created_at === rows[index + 1]?.created_at,
  );
  const wanted = [0, 1, Math.floor(end / 2), end - 2, end - 1, ...(tie < 0 ? [] : [tie, tie + 1])];
  return [...new Set(wanted)].toSorted((a, b) => a - b);
}

export function describeCursors(given: Given): void {
  describe.each(ORDERS)('cursors (%s)', (order) => {
    beforeEach((context) => context.skip(...tooFew(given())));

    const expectRows = async (query: Query, expected: readonly WireRun[]): Promise<void> => {
      const rows = await given().client.list({ ...query, order });
      expect(idsOf(rows), JSON.stringify(query)).toEqual(idsOf(expected));
    };
    /** Requests with two ends, each undefined or an index, against the rows strictly between. */
    const expectWindow = async (following: number | undefined, preceding: number | undefined) => {
      const { heads, dialect } = given();
      const { rows } = heads[order];
      const from = following === undefined ? 0 : following + 1;
      const window = rows.slice(from, preceding === undefined ? undefined : Math.max(from, preceding));
      const idAt = (index: number | undefined) => (index === undefined ? undefined : rows[index]?.id);
      const cursors = cursorsBetween(dialect, { following: idAt(following), preceding: idAt(preceding) });
      for (const limit of LIMITS) {
        await expectRows({ ...cursors, limit }, window.slice(0, limit ?? DEFAULT_LIMIT));
      }
    };

    test('the dialect is one of the two, and the one that is known', () => {
      const { target, dialect } = given();
      expect(dialect).toBe(target.dialect ?? dialect);
      expect(dialect).toBeDefined();
    });

    test('one parameter keeps the rows that follow a run, beginning next to it', async () => {
      for (const index of cursorIndices(given().heads[order])) await expectWindow(index, undefined);
    });

    test('the other keeps the rows that precede a run, beginning at the top of the list', async () => {
      for (const index of cursorIndices(given().heads[order])) await expectWindow(undefined, index);
    });

    test(
      'both keep the rows strictly between two runs, and none when they are crossed',
      async () => {
        const indices = cursorIndices(given().heads[order]);
        for (const following of indices) {
          for (const preceding of indices) await expectWindow(following, preceding);
        }
      },
      OBSERVING_TIMEOUT_MS,
    );

    test('a run created at the same time as others is a position of its own', async (context) => {
      const { rows } = given().heads[order];
      const ties = rows.flatMap((row, index) =>
        row.created_at === rows[index + 1]?.created_at ? [index] : [],
      );
      context.skip(ties.length === 0, 'no two runs here were created at the same time');
      for (const tie of ties.filter((index) => index + 5 < rows.length).slice(0, 15)) {
        const cursors = cursorsBetween(given().dialect, { following: rows[tie]?.id });
        await expectRows({ ...cursors, limit: 3 }, rows.slice(tie + 1, tie + 4));
      }
    });

    test.each([
      ['of an unknown run', 'run-ffffffff-ffff-4fff-bfff-ffffffffffff'],
      ['that is no id', 'nonsense'],
      ['that is empty', ''],
    ])('a cursor %s is ignored', async (_, cursor) => {
      const { rows } = given().heads[order];
      for (const query of [{ before: cursor }, { after: cursor }, { before: cursor, after: cursor }]) {
        await expectRows({ ...query, limit: 5 }, rows.slice(0, 5));
      }
    });

    test('a cursor need not match the filters', async (context) => {
      const { heads, dialect } = given();
      const { rows } = heads[order];
      const cursor = rows[0];
      const agent_id = rows.find((row) => row.agent_id !== cursor?.agent_id)?.agent_id;
      context.skip(agent_id === undefined, 'all runs here are of one agent');
      const expected = rows.filter((row) => row.agent_id === agent_id);
      const query = { ...cursorsBetween(dialect, { following: cursor?.id }), agent_id };
      await expectRows({ ...query, limit: Math.min(expected.length, 20) }, expected.slice(0, 20));
    });

    test.each(WALKS)('a walk in pages of $size meets every run once', async ({ size, pages }) => {
      const { client, dialect, heads } = given();
      const { rows, complete } = heads[order];
      const walked: WireRun[] = [];
      for (let page = 0; page < pages && walked.length < MAX_LIMIT; page += 1) {
        const cursors = cursorsBetween(dialect, { following: walked.at(-1)?.id });
        const found = await client.list({ ...cursors, order, limit: size });
        walked.push(...found);
        if (found.length < size) break;
      }
      // Of a longer list only the beginning is known.
      const known = complete ? walked : walked.slice(0, rows.length);
      expect(idsOf(known)).toEqual(idsOf(rows.slice(0, size * pages)));
    });
  });
}
