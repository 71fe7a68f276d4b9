import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { InvalidCursorError } from '../../src/lists/errors.ts';
import { cutPage } from '../../src/lists/items/cut-page.ts';
import { decodeCursor, encodeItemCursor } from '../../src/lists/pages/cursor.ts';
import { readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { IDS } from '../../src/runs/ids.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';

const RULES = { maxRows: 1000, defaultRows: 100, cursors: IDS.step, row: 'a step' };
const idOf = (index: number) => `step-${index}`;
const stepsUpTo = (length: number) => Array.from({ length }, (_, index) => ({ id: idOf(index) }));

/** A list that comes so many items at a time, of which each page is read once. */
function listOf<Row extends { readonly id: string }>(items: readonly Row[], pageSize: number) {
  let known = 0;
  const read = async (isEnough?: (some: readonly Row[]) => boolean) => {
    let isWhole = false;
    while (!isWhole && isEnough?.(items.slice(0, known)) !== true) {
      isWhole = known + pageSize > items.length;
      known = Math.min(items.length, known + pageSize);
    }
    return { items: items.slice(0, known), isWhole };
  };
  const readLast = async (count: number) => (count > pageSize ? undefined : items.slice(-count));
  return { read, readLast, known: () => known };
}

describe('A page of a list', () => {
  it('is that of the Relay specification, with exact flags, and stays so while the list grows', async () => {
    const index = fc.option(fc.nat(40), { nil: undefined });
    const size = fc.nat(45);
    await fc.assert(
      fc.asyncProperty(
        fc.nat(40),
        fc.nat(20),
        index,
        index,
        fc.oneof(fc.record({ first: size }), fc.record({ last: size }), fc.constant({})),
        fc.boolean(),
        fc.integer({ min: 1, max: 60 }),
        async (length, growth, afterIndex, beforeIndex, sizes, asIds, pageSize) => {
          const shorter = stepsUpTo(length);
          const longer = stepsUpTo(length + growth);
          const [after, before] = [afterIndex, beforeIndex].map((at) => shorter[at ?? -1]);
          const cursor = (item: { id: string } | undefined) =>
            item && (asIds ? item.id : encodeItemCursor(item.id));
          const args = readPageArguments({ ...sizes, after: cursor(after), before: cursor(before) }, RULES);
          // The cursors are of the shorter list.
          for (const items of [shorter, longer]) {
            const [from, to] = [after, before].map((item) => items.find(({ id }) => id === item?.id));
            const { first, last }: { first?: number; last?: number } = sizes;
            const expected = relayPage(items, () => true, {
              first: last === undefined ? (first ?? 100) : undefined,
              last,
              after: from,
              before: to,
            });
            const options = { what: 'step', needsNext: true };
            expect(await cutPage(listOf(items, pageSize), args, options)).toEqual(expected);
          }
        },
      ),
      { numRuns: propertyRuns(1000) },
    );
  });

  it.each([encodeItemCursor('step-9'), 'step-9'])('does not begin at %s, which it lacks', async (after) => {
    const args = readPageArguments({ after }, RULES);
    const cut = (count: number) =>
      cutPage(listOf(stepsUpTo(count), 4), args, { what: 'step', needsNext: false });
    await expect(cut(9)).rejects.toThrow(InvalidCursorError);
    await expect(cut(9)).rejects.toThrow('after: "step-9" is not a step of this list');
    expect((await cut(10)).rows).toEqual([]);
  });

  it.each([
    ['its first items', { first: 20 }, true, 50],
    ['a full page, and whether it is the last', { first: 50 }, true, 100],
    ['a full page alone', { first: 50 }, false, 50],
    ['nothing', { first: 0 }, false, 0],
    ['its last items, if they fit into a page', { last: 20 }, true, 50],
    ['more of its last items', { last: 50 }, true, 500],
    ['items before one of them', { last: 20, before: 'step-120' }, true, 150],
    ['items behind one of them', { first: 20, after: 'step-120' }, true, 150],
  ])('is read no further than it takes for %s', async (_name, sizes, needsNext, read) => {
    const list = listOf(stepsUpTo(500), 50);
    await cutPage(list, readPageArguments(sizes, RULES), { what: 'step', needsNext });
    expect(list.known()).toBe(read);
  });
});

describe('A cursor of an item', () => {
  it('is not one of a list of other things', () => {
    const cursor = encodeItemCursor('step-1');
    expect(decodeCursor(cursor, IDS.step)).toEqual({ kind: 'id', id: 'step-1' });
    expect(decodeCursor(cursor, IDS.run)).toBeNull();
    expect(decodeCursor(encodeItemCursor('run-11111111'), IDS.step)).toBeNull();
  });
});
