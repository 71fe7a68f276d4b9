import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCursor, encodeItemCursor } from '../../src/pagination/cursor.ts';
import { InvalidCursorError } from '../../src/pagination/errors.ts';
import { readPageArguments } from '../../src/pagination/page-arguments.ts';
import { cutPage } from '../../src/pagination/whole-list.ts';
import { IDS } from '../../src/runs/ids.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { relayPage } from '../support/relay-algorithm.ts';

const RULES = { maxSize: 1000, defaultSize: 100, ids: IDS.step, idOf: 'the id of a step' };
const idOf = (index: number) => `step-${index}`;
const stepsUpTo = (length: number) => Array.from({ length }, (_, index) => ({ id: idOf(index) }));

describe('A page of a whole list', () => {
  it('is that of the Relay specification, with exact flags, and stays so while the list grows', () => {
    const index = fc.option(fc.nat(40), { nil: undefined });
    const size = fc.nat(45);
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.nat(20),
        index,
        index,
        fc.oneof(fc.record({ first: size }), fc.record({ last: size }), fc.constant({})),
        fc.boolean(),
        (length, growth, afterIndex, beforeIndex, sizes, asIds) => {
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
            expect(cutPage(items, args, 'step')).toEqual(expected);
          }
        },
      ),
      { numRuns: propertyRuns(1000) },
    );
  });

  it.each([encodeItemCursor('step-9'), 'step-9'])('does not begin at %s, which it does not have', (after) => {
    const args = readPageArguments({ after }, RULES);
    expect(() => cutPage(stepsUpTo(9), args, 'step')).toThrow(InvalidCursorError);
    expect(() => cutPage(stepsUpTo(9), args, 'step')).toThrow('after: "step-9" is not a step of this list');
    expect(cutPage(stepsUpTo(10), args, 'step').rows).toEqual([]);
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
