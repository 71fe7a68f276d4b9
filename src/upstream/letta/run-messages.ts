import {
  createItemList,
  type ItemList,
  type ListParts,
  pageBehind,
  partialList,
} from '../../lists/items/item-list.ts';
import { mayBeCut, type PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { RunMessage } from '../../runs/messages.ts';
import { textIn } from './decode/read-fields.ts';
import { hasReturnWithoutCall, isLastPage, repeatsCalls, storedIds } from './stored-messages.ts';

/** The part of a page that is read twice: it has the calls whose returns are in the rest. */
const OVERLAP = 4;

/**
 * The messages of a run. A limit counts stored messages, of which a page has several items or none. So the whole list is
 * requested, or pages that overlap: the returns of `send_message` that a page has depend on where it begins.
 */
export function createRunMessages(
  isFiltered: () => Promise<boolean>,
  parts: ListParts,
  sizes: PageSizes,
  decode: (rows: readonly unknown[]) => readonly RunMessage[],
): ItemList<RunMessage> {
  const first = (limit: number) => parts.page(`order=asc&limit=${limit}`);
  const newest = (limit: number) => parts.page(`order=desc&limit=${limit}`);
  const incomplete = (why: string) => partialList(sizes.current, why);
  const readWhole = async () => {
    const rows = await sizes.askWhole(first);
    const items = rows && decode(rows);
    return items && { items, isWhole: !mayBeCut(storedIds(items).length, Infinity) };
  };

  return createItemList<RunMessage>({
    async readFirst() {
      const [{ page, limit }, filtered] = await Promise.all([sizes.ask(Infinity, first), isFiltered()]);
      const items = decode(page);
      return { items, isWhole: !filtered && isLastPage(items, limit) };
    },
    async readOn(prior) {
      const whole = await readWhole();
      if (whole?.isWhole === true || (whole && whole.items.length > prior.length)) return whole;
      const ids = storedIds(prior);
      const last = prior.at(-1)?.messageId;
      const filtered = await isFiltered();
      if (filtered && whole !== undefined) return { ...whole, isWhole: true };
      // Even if pages can't be joined, the last message of the list may show that nothing follows.
      if (filtered || repeatsCalls(prior)) {
        const [end] = (await sizes.ask(Infinity, newest)).page;
        if (last != null && last === textIn(end, 'id')) return { items: prior, isWhole: true };
      }
      if (filtered)
        throw incomplete('its first page does not show the last message of the types that the run returns');
      if (ids.length < 2 || last !== ids.at(-1)) throw incomplete('pages of messages have to overlap');
      const anchor = Math.max(0, ids.length - 1 - Math.ceil(sizes.current / OVERLAP));
      const before = new Set<unknown>(ids.slice(0, anchor + 1));
      /** @returns null for a page that doesn't go on from the anchor, over the last message that was read */
      const continued = (rows: readonly unknown[]) => {
        const order = rows.map((row) => textIn(row, 'id'));
        const from = order.lastIndexOf(last) + 1;
        const isRight = order.every((id, at) => !before.has(id) && (at < from || !ids.includes(id ?? '')));
        return from > 0 && isRight ? { items: decode(rows), from } : null;
      };
      const { page, limit } = await sizes.ask(Infinity, (size) =>
        pageBehind(ids[anchor] ?? '', `order=asc&limit=${size}`, parts, continued),
      );
      const items = [...prior, ...page.items.slice(page.from)];
      if (repeatsCalls(items)) throw incomplete('calls of tools in different messages have the same id');
      if (hasReturnWithoutCall(items, prior.length))
        throw incomplete('a call of a tool is far from what it returned');
      const isWhole = isLastPage(page.items, limit);
      if (!isWhole && items.length === prior.length) throw incomplete('a page of messages shows no new ones');
      return { items, isWhole };
    },
  });
}
