import * as fc from 'fast-check';
import type { Page } from '../../src/lists/pages/build-page.ts';
import { loadWindowPage } from '../../src/lists/windows/load-window-page.ts';
import { createScanBudget, type ScanBudget } from '../../src/lists/windows/window.ts';
import type { SeekPosition, Window } from '../../src/lists/windows/window.ts';
import { COLORS, instantAt } from './arbitraries.ts';
import { type Arguments, loadFrom, type Request } from './ask-page.ts';
import type { FakeList, Row } from './fake-list.ts';
import { inOrder } from './relay-model.ts';

/** The bounds of a window, and the color that its rows have, which the list has no filter for. */
export interface Bounds {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly color?: string | undefined;
}

const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const instant = fc.integer({ min: 95, max: 200 }).map(instantAt);

export const bounds: fc.Arbitrary<Bounds> = fc.record({
  from: maybe(instant),
  to: maybe(instant),
  color: maybe(fc.constantFrom(...COLORS)),
});

export function isWithin({ key, color }: Row, window: Bounds): boolean {
  if (window.from !== undefined && key < window.from) return false;
  if (window.to !== undefined && key >= window.to) return false;
  return window.color === undefined || color === window.color;
}

export function windowOf(window: Bounds): Window<Row> {
  const { from, to, color } = window;
  return {
    span: { from, to },
    isEmpty: from !== undefined && to !== undefined && from >= to,
    isSparse: color !== undefined,
    matches: (row) => isWithin(row, window),
  };
}

/** What a list may answer to the question for the row next to an instant: the truth, or as much as it promises. */
export const SEEKS: Readonly<Record<string, (rows: readonly Row[]) => SeekPosition | undefined>> = {
  nothing: () => undefined,
  'that it can not tell': () => async () => undefined,
  'that it knows of none': () => async () => null,
  'the next one': (rows) => seekAmong(rows, 0),
  'one further away': (rows) => seekAmong(rows, 2),
  'one that goes': (rows) => seekAmong(rows, 0, 'gone'),
};

export const seeks = fc.constantFrom(...Object.keys(SEEKS)).map((name) => SEEKS[name] ?? (() => undefined));

function seekAmong(rows: readonly Row[], skipped: number, suffix = ''): SeekPosition {
  return async ({ instant: at, side }) => {
    const onSide = rows.filter(({ key }) => (side === 'from' ? key >= at : key < at));
    const row = inOrder(onSide, side === 'from' ? 'asc' : 'desc')[skipped];
    if (row === undefined) return null;
    return { key: row.key, id: row.id + suffix };
  };
}

interface Searched extends Partial<Pick<Window<Row>, 'matches' | 'check'>> {
  readonly window: Bounds;
  /** That of an operation, if others share it. */
  readonly budget?: ScanBudget | number;
  readonly texts?: Partial<Arguments['texts']>;
}

/** Loads a page of a window with a budget of its own. */
export function search(
  list: FakeList,
  request: Request,
  { window, budget: rows = 100, texts = {}, ...watching }: Searched,
): Promise<Page<Row>> {
  const budget = typeof rows === 'number' ? createScanBudget(rows) : rows;
  const wanted = { ...windowOf(window), ...watching };
  return loadFrom(list, request, texts, (args, needs, sources) =>
    loadWindowPage(args, needs, wanted, { ...sources, seek: list.seek, budget }),
  );
}
