import { GatewayError } from '../../errors/gateway-error.ts';
import {
  createItemList,
  type ItemList,
  type ListParts,
  pageBehind,
  partialList,
} from '../../lists/items/item-list.ts';
import type { Order } from '../../lists/position.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import { MAX_CONVERSATION_MESSAGES } from '../../runs/limits.ts';
import type { RunMessage } from '../../runs/messages.ts';
import { isLastPage, storedIds } from './stored-messages.ts';

/** Stored messages that are read twice: those next to the start of a page may look different without a call before them. */
const OVERLAP = 4;

const tooFarIn = new GatewayError(
  'RESPONSE_TOO_LARGE',
  `The page would take more than ${MAX_CONVERSATION_MESSAGES} messages of the conversation, counted from its start for \`first\` and from its end for \`last\`. Ask from the other end, or for messages of runs.`,
);

/**
 * The messages of a conversation, from its start or from its end. A page goes on behind the one before it if it shows the
 * last message of that page again, and none of those before the overlap: the API ignores an unknown cursor.
 */
export function createConversationMessages(
  order: Order,
  parts: ListParts,
  sizes: PageSizes,
  decodeAscending: (rows: readonly unknown[]) => readonly RunMessage[],
): ItemList<RunMessage> {
  const isAscending = order === 'asc';
  const reversed = <Item>(items: readonly Item[]) => (isAscending ? items : items.toReversed());
  const decode = (rows: readonly unknown[]): readonly RunMessage[] =>
    reversed(decodeAscending(reversed(rows)));
  const first = `order=${order}&limit=`;
  /** Leaves out the messages at the older end of a page, before which more may lie. */
  const settled = (items: readonly RunMessage[], isWhole: boolean): readonly RunMessage[] => {
    if (isAscending || isWhole) return items;
    const unsettled = new Set<unknown>(storedIds(items).slice(-OVERLAP));
    return items.filter(({ messageId }) => !unsettled.has(messageId));
  };
  return createItemList({
    async readFirst() {
      const { page, limit } = await sizes.ask(Infinity, (size) => parts.page(first + size));
      const items = decode(page);
      const isWhole = isLastPage(items, limit);
      return { items: settled(items, isWhole), isWhole };
    },
    async readOn(prior) {
      if (prior.length >= MAX_CONVERSATION_MESSAGES) throw tooFarIn;
      const ids = storedIds(prior);
      const known = new Set<unknown>(ids);
      const before = new Set<string | null>(ids.slice(0, Math.max(1, ids.length - OVERLAP)));
      const [anchor, last] = [[...before].at(-1), ids.at(-1)];
      if (anchor == null || anchor === last)
        throw partialList(sizes.current, 'pages of messages have to overlap');
      /** @returns null for a page that doesn't go on from the anchor, over the last message that was read */
      const continued = (rows: readonly unknown[]) => {
        const items = decode(rows);
        const from = items.findLastIndex(({ messageId }) => messageId === last) + 1;
        const fresh = items.slice(from);
        const isNew = !fresh.some(({ messageId }) => known.has(messageId));
        return from > 0 && isNew && !items.some(({ messageId }) => before.has(messageId))
          ? { items, fresh }
          : null;
      };
      const parameters = isAscending ? (['after', 'before'] as const) : (['before', 'after'] as const);
      const { page, limit } = await sizes.ask(Infinity, (size) =>
        pageBehind(anchor, first + size, parts, continued, parameters),
      );
      const isWhole = isLastPage(page.items, limit);
      const items = [...prior, ...settled(page.fresh, isWhole)];
      if (!isWhole && items.length === prior.length)
        throw partialList(limit, 'a page of messages shows no new ones');
      return { items, isWhole };
    },
  });
}
