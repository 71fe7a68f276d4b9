import * as fc from 'fast-check';
import type { Page } from '../../src/lists/pages/connection.ts';
import { loadWindowPage } from '../../src/windows/load-window-page.ts';
import { createScanBudgets, type ScanBudgets } from '../../src/windows/scan-budget.ts';
import type { Seek, Window, WindowList } from '../../src/windows/window.ts';
import { COLORS, instantAt } from './arbitraries.ts';
import { type Arguments, loadFrom, type Request } from './ask-page.ts';
import type { FakeList, Filter, Row } from './fake-list.ts';
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

type SeekList = WindowList<Row, Filter>['seek'];

/** What a list may answer to the question for the row next to an instant: the truth, or as much as it promises. */
export const SEEKS: Readonly<Record<string, (rows: readonly Row[]) => SeekList | undefined>> = {
  nothing: () => undefined,
  'that it can not tell': () => async () => undefined,
  'that it knows of none': () => async () => null,
  'the next one': (rows) => seekAmong(rows, 0, true),
  'one further away': (rows) => seekAmong(rows, 2, true),
  'one that is gone': (rows) => seekAmong(rows, 0, false),
  'one that goes': (rows) => seekAmong(rows, 0, true, 'gone'),
};

export const seeks = fc.constantFrom(...Object.keys(SEEKS)).map((name) => SEEKS[name] ?? (() => undefined));

function seekAmong(rows: readonly Row[], skipped: number, isThere: boolean, suffix = ''): SeekList {
  return async ({ instant: at, side }: Seek) => {
    const onSide = rows.filter(({ key }) => (side === 'from' ? key >= at : key < at));
    const row = inOrder(onSide, side === 'from' ? 'asc' : 'desc')[skipped];
    if (row === undefined) return null;
    return { position: { key: row.key, id: row.id + suffix }, isThere: async () => isThere };
  };
}

interface Searched extends Partial<Pick<Window<Row>, 'matches' | 'check'>> {
  readonly window: Bounds;
  readonly budget?: number;
  /** Those of an operation, if others share them. */
  readonly budgets?: ScanBudgets;
  readonly texts?: Partial<Arguments['texts']>;
}

/** Loads a page of a window with a budget of its own. */
export function search(
  list: FakeList,
  request: Request,
  { window, budget = 100, budgets = createScanBudgets(budget), texts = {}, ...watching }: Searched,
): Promise<Page<Row>> {
  const wanted = { ...windowOf(window), ...watching };
  return loadFrom(list, request, texts, (args, needs, sources) =>
    loadWindowPage(args, needs, wanted, { ...sources, seek: list.seek, budgets }),
  );
}
