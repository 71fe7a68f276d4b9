import type { ReadItems, ItemList } from '../../lists/items/item-list.ts';
import {
  type Changed,
  createItemList,
  type ListParts,
  pageBehind,
  untoldList,
} from '../../lists/items/item-list.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { RunStep } from '../../runs/details.ts';
import { decodeSteps } from '../../wire/decode-details.ts';
import { reportStepDrift, type ReportDrift } from '../../wire/drift.ts';
import { decoded } from '../../wire/json-fields.ts';

/**
 * The steps of a run. Only their ascending order is right for steps created at the same time. Steps have no
 * times to compare, so each page begins with the last step of the one before it: that proves that nothing lies
 * between them.
 */
export function createRunSteps(
  runId: string,
  parts: ListParts,
  sizes: PageSizes,
  report: ReportDrift,
): ItemList<RunStep> {
  const read = (rows: readonly unknown[], from: number | null): readonly RunStep[] => {
    const steps = decoded(() => decodeSteps(rows, runId, from));
    reportStepDrift(steps, rows, report);
    return steps;
  };
  const first = (limit: number) => parts.page(`order=asc&limit=${limit}`);
  /** The size at which the page that was read last may have been cut short. */
  let doubted: number | undefined;
  /** Whether a page with so many rows proves that it is the last. */
  const isLast = (rows: number, limit: number): boolean => {
    if (doubted === rows && rows < limit) sizes.recordCut(rows);
    sizes.record(rows);
    doubted = rows < limit ? sizes.doubtedSize(rows) : undefined;
    return rows < limit && doubted === undefined;
  };

  let isWholeKnown = false;
  const readWhole = async (): Promise<ReadItems<RunStep> | undefined> => {
    isWholeKnown = true;
    const rows = await sizes.askWhole(first);
    return rows && { items: read(rows, 0), isWhole: isLast(rows.length, Infinity) };
  };

  const readBehind = async (known: readonly RunStep[]): Promise<ReadItems<RunStep> | Changed> => {
    const [anchor, last] = known.slice(-2);
    if (anchor === undefined || last === undefined) throw untoldList(1, 'pages of steps have to overlap');
    /** @returns null for a page that doesn't begin with the last step, and go on with new ones */
    const continued = (rows: readonly unknown[]): readonly RunStep[] | null => {
      const [one, ...others] = read(rows, known.length - 1);
      const ids = new Set(known.map(({ id }) => id));
      return one?.id === last.id && !others.some(({ id }) => ids.has(id)) ? others : null;
    };
    const { page, limit } = await sizes.ask(Infinity, (size) =>
      pageBehind(anchor.id, `order=asc&limit=${size}`, parts, continued),
    );
    if (page === null || page === 'changed') return 'changed';
    return { items: [...known, ...page], isWhole: page.length === 0 || isLast(page.length + 1, limit) };
  };

  let firstId: string | undefined;
  return createItemList({
    async readFirst(all) {
      doubted = undefined;
      const whole = all && sizes.givesWhole === true ? await readWhole() : undefined;
      if (whole !== undefined) return whole;
      const { page, limit } = await sizes.ask(Infinity, first);
      const items = read(page, 0);
      firstId = items[0]?.id;
      return { items, isWhole: isLast(page.length, limit) };
    },
    async readOn(known, all) {
      const mayBeGiven = !isWholeKnown && doubted === undefined && sizes.givesWhole !== false;
      return (all && mayBeGiven ? await readWhole() : undefined) ?? readBehind(known);
    },
    async readLast(count) {
      const { page, limit } = await sizes.ask(count, (size) => parts.page(`order=desc&limit=${size}`));
      if (limit < count || page.length < count) return undefined;
      const steps = read(page.toReversed(), null);
      // A server that ignores the order sends the first ones.
      return steps.at(-1)?.id === firstId ? undefined : steps;
    },
  });
}
