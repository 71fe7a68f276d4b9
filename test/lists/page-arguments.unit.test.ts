import { describe, expect, it } from 'vitest';
import { type ConnectionArguments, readPageArguments } from '../../src/lists/pages/page-arguments.ts';
import { IDS } from '../../src/runs/ids.ts';

const RULES = { maxRows: 1000, defaultRows: 100, cursors: IDS.run, row: 'a run' };

const ID = 'run-5f0c3f5e-8a64-4a8e-9a53-0d2a9a1c7b11';

describe('Page arguments', () => {
  it.each<[ConnectionArguments, { direction: string; size: number }]>([
    [{}, { direction: 'forward', size: 100 }],
    [
      { first: null, last: null, after: null, before: null },
      { direction: 'forward', size: 100 },
    ],
    [{ first: 0 }, { direction: 'forward', size: 0 }],
    [{ first: 1000 }, { direction: 'forward', size: 1000 }],
    [{ last: 7 }, { direction: 'backward', size: 7 }],
    [
      { last: 7, first: null },
      { direction: 'backward', size: 7 },
    ],
    [{ before: ID }, { direction: 'forward', size: 100 }],
  ])('%o mean %o', (args, expected) => {
    expect(readPageArguments(args, RULES)).toMatchObject(expected);
  });

  it.each<[ConnectionArguments, string]>([
    [{ first: -1 }, 'first: expected a whole number from 0 to 1000, but got -1'],
    [{ first: 1001 }, 'first: expected a whole number from 0 to 1000, but got 1001'],
    [{ last: -5 }, 'last: expected a whole number from 0 to 1000, but got -5'],
    [{ last: 2_147_483_647 }, 'last: expected a whole number from 0 to 1000, but got 2147483647'],
    [{ first: 2, last: 3 }, 'first and last: expected one of the two, but got both (first: 2, last: 3)'],
    [{ first: 0, last: 0 }, 'first and last: expected one of the two, but got both (first: 0, last: 0)'],
    [
      { after: '' },
      'after: "" is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of a run',
    ],
    [
      { before: 'x'.repeat(500) },
      `before: "${'x'.repeat(75)}…" is not a cursor; expected a cursor of this connection (edges.cursor, pageInfo.startCursor or endCursor) or the id of a run`,
    ],
  ])('%o are refused', (args, message) => {
    expect(() => readPageArguments(args, RULES)).toThrow(expect.objectContaining({ message }));
  });
});
