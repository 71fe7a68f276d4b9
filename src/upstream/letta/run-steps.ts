import {
  createItemList,
  type ItemList,
  type ListParts,
  pageBehind,
  partialList,
} from '../../lists/items/item-list.ts';
import { mayBeCut, type PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { RunStep } from '../../runs/detail-fields.ts';

/**
 * The steps of a run, in ascending order, which alone is right for steps created at the same time. Steps have no times to
 * compare: a page is proven by beginning with the last step of the page before.
 *
 * @param decode decodes a page that begins with the step of this index
 */
export function createRunSteps(
  parts: ListParts,
  sizes: PageSizes,
  decode: (rows: readonly unknown[], from: number) => readonly RunStep[],
): ItemList<RunStep> {
  const first = (limit: number) => parts.page(`order=asc&limit=${limit}`);
  return createItemList({
    async readFirst() {
      const { page, limit } = await sizes.ask(Infinity, first);
      return { items: decode(page, 0), isWhole: !mayBeCut(page.length, limit) };
    },
    async readOn(prior) {
      const whole = await sizes.askWhole(first);
      if (whole !== undefined && whole.length > prior.length) {
        return { items: decode(whole, 0), isWhole: !mayBeCut(whole.length, Infinity) };
      }
      const [anchor, last] = prior.slice(-2);
      if (anchor === undefined || last === undefined) throw partialList(1, 'pages of steps have to overlap');
      const ids = new Set(prior.map(({ id }) => id));
      /** @returns null for a page that doesn't begin with the last step, or repeats another step */
      const continued = (rows: readonly unknown[]): readonly RunStep[] | null => {
        const [overlap, ...others] = decode(rows, prior.length - 1);
        return overlap?.id === last.id && !others.some(({ id }) => ids.has(id)) ? others : null;
      };
      const { page, limit } = await sizes.ask(Infinity, (size) =>
        pageBehind(anchor.id, `order=asc&limit=${size}`, parts, continued),
      );
      return { items: [...prior, ...page], isWhole: page.length === 0 || !mayBeCut(page.length + 1, limit) };
    },
  });
}
