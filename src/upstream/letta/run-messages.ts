import type { ReadItems, ItemList } from '../../lists/items/item-list.ts';
import {
  type Changed,
  createItemList,
  invalidList,
  type ListParts,
  pageBehind,
  untoldList,
} from '../../lists/items/item-list.ts';
import type { PageSizes } from '../../lists/ranges/page-sizes.ts';
import type { RunMessage } from '../../runs/messages.ts';
import { decodeMessages, isStoredId } from '../../wire/decode-messages.ts';
import type { ReportDrift } from '../../wire/drift.ts';
import { isObject } from '../../wire/field-readers.ts';
import { decoded } from '../../wire/json-fields.ts';
import { reportMessageDrift } from '../../wire/message-drift.ts';
import {
  callsToApprove,
  firstUntold,
  isReturn,
  isWholeList,
  mostStored,
  repeatsCalls,
} from './message-pages.ts';

/** A page whose items from an index on follow those that are known. */
interface Continued {
  readonly page: readonly RunMessage[];
  readonly from: number;
}

/** The part of a page that is read twice. */
const OVERLAP = 4;
/** Pages that are asked for with more or less overlap, before it is given up. */
const MAX_TRIES = 8;

/**
 * The messages of a run, as the API's own list of all of them has them. A limit counts stored messages, of which
 * a page may show several items or none, and whether it shows what `send_message` returned depends on where
 * it begins. So a page that may hold as many stored messages as it was asked for is not taken for the whole:
 *
 * - Where the upstream gives whole lists, it is asked for the whole list.
 * - Elsewhere pages follow, each of which begins some messages before the end of those that are known. What it
 *   adds is known to be in the whole list as well (`firstUntold`). The end is reached with the last item of a
 *   page that was read from the other end.
 */
export function createRunMessages(
  runId: string,
  isFiltered: () => Promise<boolean>,
  parts: ListParts,
  sizes: PageSizes,
  report: ReportDrift,
): ItemList<RunMessage> {
  const decode = (rows: readonly unknown[], from: number): readonly RunMessage[] => {
    const messages = decoded(() => decodeMessages(rows, runId, from));
    reportMessageDrift(messages, rows, report);
    return messages;
  };
  const newest = (limit: number) => parts.page(`order=desc&limit=${limit}`);
  const first = (limit: number) => parts.page(`order=asc&limit=${limit}`);
  let isWholeKnown = false;
  /** The size at which the list so far may have been cut short. */
  let doubted: number | undefined;
  const doubtedOf = (items: readonly RunMessage[]): number | undefined => {
    const shown = storedIds(items).length;
    sizes.record(shown);
    return sizes.doubtedSize(shown, mostStored(items));
  };

  const readWhole = async (): Promise<ReadItems<RunMessage> | undefined> => {
    isWholeKnown = true;
    const rows = await sizes.askWhole(first);
    if (rows === undefined) return undefined;
    const items = decode(rows, 0);
    doubted = doubtedOf(items);
    return { items, isWhole: doubted === undefined };
  };
  const readFirst = async (): Promise<ReadItems<RunMessage>> => {
    const [{ page, limit }, filtered] = await Promise.all([sizes.ask(Infinity, first), isFiltered()]);
    const items = decode(page, 0);
    const isWhole = !filtered && isWholeList(items, limit);
    doubted = isWhole ? doubtedOf(items) : undefined;
    if (isWhole) return { items, isWhole: doubted === undefined };
    return { items: repeatsCalls(items) ? [] : items, isWhole };
  };
  /** Returns the last page, oldest first. */
  const readEnd = async (known: readonly RunMessage[]): Promise<readonly unknown[]> => {
    // Of a filtered list, a page may show nothing; it is doubted only where the whole list is given.
    const isAll = doubted !== undefined && (await isFiltered());
    const whole = isAll ? await sizes.askWhole(newest) : undefined;
    const page = whole ?? (await sizes.ask(Infinity, newest)).page;
    const [oldest] = known;
    if (
      page.length > 0 &&
      oldest !== undefined &&
      idOf(page[0]) === oldest.messageId &&
      storedIds(known).length > 1
    ) {
      throw invalidList('the order of messages is ignored');
    }
    return page.toReversed();
  };

  const repeatedCalls = () =>
    untoldList(sizes.current, 'calls of tools in different messages have the same id');

  /** Finds what follows the last item that is known; null in a page that isn't about that. */
  const continuation = (known: readonly RunMessage[], rows: readonly unknown[]): Continued | null => {
    const last = known.at(-1)?.messageId;
    const seam = rows.findLastIndex((row) => idOf(row) === last);
    return seam === -1 ? null : follow(known, rows, seam + 1);
  };
  const follow = (known: readonly RunMessage[], rows: readonly unknown[], from: number): Continued | null => {
    const ids = new Set(storedIds(known));
    const page = decode(rows, known.length - from);
    const isRight = page.every((item, index) => {
      const isKnown = item.messageId !== null && ids.has(item.messageId);
      // Before them, a page may show returns that the whole list leaves out.
      return index < from ? isKnown || isReturn(item) : !isKnown;
    });
    return isRight ? { page, from } : null;
  };
  /** Reads a page that begins so many stored messages before the end of those that are known. */
  const readBehind = async (
    known: readonly RunMessage[],
    overlap: number,
  ): Promise<Continued | null | Changed> => {
    const ids = storedIds(known);
    const before = ids.slice(0, ids.length - overlap);
    const isBefore = new Set<string | undefined>(before);
    const prove = (rows: readonly unknown[]): Continued | null => {
      if (rows.some((row) => isBefore.has(idOf(row)))) return null;
      return overlap === 0 ? follow(known, rows, 0) : continuation(known, rows);
    };
    const request = (limit: number) =>
      pageBehind(before.at(-1) ?? '', `order=asc&limit=${limit}`, parts, prove);
    return (await sizes.ask(Infinity, request)).page;
  };

  /** Records that pages are cut, if the last one isn't longer, though it shows what follows the first. */
  const judgeCut = (rows: readonly unknown[]): void => {
    if (!isStoredId(idOf(rows.at(-1)))) return;
    const size = doubtedOf(decode(rows, 0));
    if (size !== undefined && size === doubted) sizes.recordCut(size);
    doubted = undefined;
  };
  const readOn = async (
    known: readonly RunMessage[],
    end: readonly unknown[],
  ): Promise<ReadItems<RunMessage> | Changed> => {
    const size = sizes.current;
    const filtered = await isFiltered();
    if (known.length === 0 && !filtered) throw repeatedCalls();
    if (known.length === 0) {
      const types = "includeReturnMessageTypes of the run's requestConfig";
      throw untoldList(size, `the first page shows no message of the types that the run returns (${types})`);
    }
    if (!isStoredId(known.at(-1)?.messageId)) throw untoldList(size, 'a page of messages ends without an id');
    const rest = continuation(known, end);
    const added = rest && addedBy(rest, known);
    if (rest && added && rest.from + added.length === rest.page.length) {
      return { items: [...known, ...added], isWhole: true };
    }
    const endId = idOf(end.at(-1));
    const most = Math.min(size, storedIds(known).length) - 1;
    const [least, usual] = filtered ? [0, 0] : [1, Math.ceil(size / OVERLAP)];
    let overlap = Math.min(most, usual);
    for (let tries = 0; tries < MAX_TRIES; tries++) {
      // oxlint-disable-next-line no-await-in-loop -- Each page depends on what the one before it showed.
      const found = await readBehind(known, overlap);
      if (found === 'changed' || (found === null && overlap <= least)) return 'changed';
      const more = found === null ? [] : addedBy(found, known);
      if (more.length > 0) {
        const isWhole = endId !== undefined && more.some(({ messageId }) => messageId === endId);
        return { items: [...known, ...more], isWhole };
      }
      const isUntold = found !== null && found.from < found.page.length;
      if (isUntold ? overlap === most : overlap <= least) break;
      overlap = isUntold ? Math.min(most, 2 * overlap || 1) : least;
    }
    throw untoldList(size, 'a page of messages has no room for a call of a tool and what it returned');
  };

  let start: readonly RunMessage[] = [];
  let end: readonly unknown[] | undefined;
  return createItemList<RunMessage>({
    async readFirst(all) {
      end = undefined;
      const whole = all && sizes.givesWhole === true ? await readWhole() : undefined;
      const read = whole ?? (await readFirst());
      start = read.items;
      return read;
    },
    async readOn(known) {
      if (!isWholeKnown && doubted === undefined && sizes.givesWhole !== false) {
        const whole = await readWhole();
        if (whole !== undefined) return whole;
      }
      end ??= await readEnd(known);
      if (endsAlike(known, end)) return { items: known, isWhole: true };
      if (doubted !== undefined) judgeCut(end);
      const read = await readOn(known, end);
      if (read !== 'changed' && read.items.length > known.length && repeatsCalls(read.items)) {
        throw repeatedCalls();
      }
      return read;
    },
    async readLast() {
      end ??= await readEnd(start);
      const page = decode(end, 0);
      if (repeatsCalls(page) || !page.every(({ messageId }) => isStoredId(messageId))) return undefined;
      let from = 0;
      for (;;) {
        const untoldAt = firstUntold(page, from, NONE);
        if (untoldAt === -1) return page.slice(from);
        from = untoldAt + 1;
      }
    },
  });
}

/** Returns what is added, as far as it is certain to be in the whole list. */
function addedBy({ page, from }: Continued, known: readonly RunMessage[]): readonly RunMessage[] {
  const end = firstUntold(page, from, callsToApprove(known));
  return page.slice(from, end === -1 ? undefined : end);
}

/** Whether both end with the same stored message, and behind it with as many items that have no id. */
function endsAlike(known: readonly RunMessage[], rows: readonly unknown[]): boolean {
  const lastIndex = known.findLastIndex(({ messageId }) => isStoredId(messageId));
  const seam = rows.findLastIndex((row) => isStoredId(idOf(row)));
  return (
    lastIndex !== -1 &&
    known[lastIndex]?.messageId === idOf(rows[seam]) &&
    known.length - lastIndex === rows.length - seam
  );
}

const NONE: ReadonlySet<never> = new Set();

/** The ids of stored messages, in order. */
function storedIds(items: readonly RunMessage[]): readonly string[] {
  return [...new Set(items.map(({ messageId }) => messageId))].filter(isStoredId);
}

function idOf(row: unknown): string | undefined {
  const id = isObject(row) ? row['id'] : undefined;
  return typeof id === 'string' ? id : undefined;
}
