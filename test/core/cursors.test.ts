import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidCursorError, quote } from '../../src/lists/list-errors.ts';
import { decodeCursor, encodeCursor, encodeItemCursor } from '../../src/lists/pages/cursor.ts';
import { anyServers, instantAt, pages, rowLists, rowsUpTo } from './arbitraries.ts';
import { ALL, argumentsOf, expectPage, loadFrom } from './ask-page.ts';
import { FakeList, LIST, serve } from './fake-list.ts';
import { check } from './property.ts';
import { problemsOf } from './relay-model.ts';

const POSITION = { key: '2026-01-31T09:30:00.123456', id: 'row-5f0c3f5e' };
const CURSOR = encodeCursor(POSITION);
const decode = (text: string) => decodeCursor(text, LIST.cursors);

describe('The cursor of an edge', () => {
  it('leads back to its position, to the microsecond', async () => {
    const name = fc.stringMatching(/^(row|job)-\w{1,300}$/);
    const cases = fc.record({ key: fc.nat(999_999).map(instantAt), id: name });
    await check(cases, 300, (position) => {
      const isShort = position.id.length < 130;
      expect(decode(encodeCursor(position))).toEqual(isShort ? { type: 'position', position } : null);
      expect(decode(encodeItemCursor(position.id))).toEqual(
        position.id.length < 180 ? { type: 'id', id: position.id } : null,
      );
    });
  });

  it('is opaque, URL-safe and the same each time', () => {
    expect(CURSOR).toMatch(/^[\w-]{60,80}$/);
    expect(CURSOR).not.toContain(POSITION.id);
    expect(encodeCursor({ ...POSITION })).toBe(CURSOR);
  });

  it('is invalid once a character is changed, added or left out', () => {
    const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_=+/. \n'.split('');
    for (let at = 0; at <= CURSOR.length; at++) {
      const [head, tail] = [CURSOR.slice(0, at), CURSOR.slice(at)];
      const texts = ['', ...alphabet].flatMap((one) => [head + one + tail, head + one + tail.slice(1)]);
      const damaged = texts.filter((text) => text !== CURSOR);
      expect(damaged.filter((text) => decode(text) !== null)).toEqual([]);
    }
  });

  it.each([
    ['nothing', ''],
    ['a padded cursor', `${CURSOR}=`],
    ['an id with a query behind it', `${POSITION.id}&limit=1000`],
    ['an id with a NUL in it', `${POSITION.id}\0`],
    ['an id that only occurs in cursors', 'job-1'],
    ['a position with a foreign id', encodeCursor({ ...POSITION, id: 'run-1' })],
    ['a position with a query in its id', encodeCursor({ ...POSITION, id: 'row-1&before=row-2' })],
    ['a position with another time', encodeCursor({ ...POSITION, key: '2026-01-31T09:30:00Z' })],
    ['a position with more than a time', encodeCursor({ ...POSITION, key: `${POSITION.key}0` })],
    ['an item with a foreign id', encodeItemCursor('run-1')],
    ['a cursor of a later version', Buffer.from('2 row-1 01234567').toString('base64url')],
    ['ten megabytes', 'A'.repeat(10_000_000)],
  ])('is not %s', (_name, text) => expect(decode(text)).toBeNull());
});

it.each<[unknown, string]>([
  [undefined, 'undefined'],
  [{ first: 7 }, '{"first":7}'],
  ['x'.repeat(80).split(''), `[${'"x",'.repeat(18)}"x"…`],
  ['x'.repeat(3_000_000), `"${'x'.repeat(75)}…"`],
])('%o is quoted in messages as far as it is short', (value, quoted) => expect(quote(value)).toBe(quoted));

describe('after and before with a cursor that does not fit the list', () => {
  it('refuse the cursor of a row that is gone by its name, or have its page', async () => {
    const cases = fc.record({ rows: rowLists(20), server: anyServers, page: pages, gone: fc.nat(40) });
    await check(cases, 1500, async ({ rows, server, page, gone }) => {
      const left = rows.filter((_row, index) => index !== gone % rows.length);
      const list = serve(left, server);
      const { asked, texts } = argumentsOf(page, rows);
      try {
        expectPage(await loadFrom(list, page, texts), left, asked, page);
      } catch (error) {
        if (!(error instanceof InvalidCursorError)) throw error;
        const { argument } = error.extensions as { argument: 'after' | 'before' };
        expect(left).not.toContain(asked[argument]);
        expect(asked[argument]).toBeDefined();
      }
    });
  });

  it('answer a forged cursor with rows of the list in order, and spoil no page of others', async () => {
    const cases = fc.record({
      rows: rowLists(20),
      server: anyServers,
      attack: pages,
      key: fc.constantFrom(0, 101, 105, 120, 999_999).map(instantAt),
      isUnknown: fc.boolean(),
      page: pages,
    });
    await check(cases, 1500, async ({ rows, server, attack, key, isUnknown, page }) => {
      const list = serve(rows, server);
      const { asked } = argumentsOf(attack, rows);
      const near = asked.last === undefined ? 'after' : 'before';
      const id = isUnknown ? 'row-unknown' : (asked[near]?.id ?? 'row-none');
      const forged = { ...asked, [near]: { key, id } };
      const texts = {
        after: forged.after && encodeCursor(forged.after),
        before: forged.before && encodeCursor(forged.before),
      };
      try {
        const answered = await loadFrom(list, { ...attack, needs: ALL }, texts);
        // It may leave out rows, but has none that it must not have.
        const problems = problemsOf(answered, forged, list.momentsOf(attack.filter));
        expect(problems.filter((problem) => !/is missing|^has/.test(problem))).toEqual([]);
      } catch (error) {
        if (!(error instanceof InvalidCursorError)) throw error;
        expect(error.extensions).toEqual({ argument: near });
      }
      const honest = argumentsOf(page, rows);
      expectPage(await loadFrom(list, page, honest.texts), rows, honest.asked, page);
    });
  });

  const unknown = 'is not the id of a row that you can see';
  const gone = 'is no longer valid: its row is gone; start again without it';
  it.each([
    ['first', 'after', 'row-9', unknown],
    ['first', 'before', 'row-9', unknown],
    ['first', 'after', CURSOR, gone],
    ['last', 'before', CURSOR, gone],
  ])('are refused: %s %s %s %s', async (size, argument, cursor, why) => {
    const list = new FakeList({ rows: rowsUpTo(2), dialect: 'reversed', refusesGone: true });
    const outcome = loadFrom(list, { order: 'desc', size: { [size]: 2 } }, { [argument]: cursor });
    const message = `${argument}: "${cursor}" ${why}`;
    await expect(outcome).rejects.toMatchObject({
      code: 'INVALID_CURSOR',
      message,
      extensions: { argument },
    });
  });
});
