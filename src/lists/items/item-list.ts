import { UnsupportedError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';

/** The items of a list that were read so far, from its start. */
export interface ReadItems<Item> {
  readonly items: readonly Item[];
  /** Whether there are no more. */
  readonly isWhole: boolean;
}

/** A list whose rows belong to one thing, oldest first, which is read as far as it is needed. Only ids tell places in it. */
export interface ItemList<Item> {
  /**
   * Reads on until the items are enough, or all are read; all of them without a condition. What was read is
   * what the API's own list begins with, as one request for all of it would show.
   *
   * @param isFar whether much of it may be needed before there are enough: it is then read with fewer requests
   */
  read(isEnough?: (items: readonly Item[]) => boolean, isFar?: boolean): Promise<ReadItems<Item>>;
}

/** How one such list is read. `all`: nothing less than the whole list will do, or most of it. */
export interface ItemReader<Item> {
  /** Reads the first items. */
  readonly readFirst: (all: boolean) => Promise<ReadItems<Item>>;
  /** Reads on behind the items read so far. */
  readonly readOn: (items: readonly Item[], all: boolean) => Promise<ReadItems<Item> | Changed>;
}

/** The list has changed so that its next page doesn't continue those read before. */
export type Changed = 'changed';

/** How often a list is read from its start again. */
const MAX_RESTARTS = 2;

/**
 * Returns a list that is read page by page, each page at most once, when it is first needed. A failure stays.
 *
 * @throws UpstreamError if it changes again and again while it is read
 */
export function createItemList<Item>({ readFirst, readOn }: ItemReader<Item>): ItemList<Item> {
  let read: ReadItems<Item> | undefined;
  let reading: Promise<void> | undefined;
  let restarts = 0;
  const goOn = async (all: boolean): Promise<void> => {
    const next = await (read === undefined ? readFirst(all) : readOn(read.items, all));
    if (next !== 'changed') {
      read = next;
    } else if (restarts === MAX_RESTARTS) {
      throw invalidList('its pages do not continue each other');
    } else {
      restarts += 1;
      read = undefined;
    }
    reading = undefined;
  };
  return {
    async read(isEnough, isFar = false) {
      for (;;) {
        if (read !== undefined && (read.isWhole || isEnough?.(read.items) === true)) return read;
        reading ??= goOn(isFar || isEnough === undefined);
        // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
        await reading;
      }
    },
  };
}

/** For pages that aren't what was asked for. */
function invalidList(why: string): UpstreamError {
  return new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The list can not be read as a whole: ${why}`);
}

/** For a list whose pages don't tell all of it, though they may be right: nothing is guessed. */
export function untoldList(size: number, why: string): UnsupportedError {
  const message = `The runs API gives ${size} at a time, from which the whole list can't be told: ${why}.`;
  return new UnsupportedError(message);
}

/** What such lists of one upstream are read with. */
export interface ListParts {
  /** Requests a page by its query. @throws UpstreamError 404 if there is no such list or cursor */
  readonly page: (query: string) => Promise<readonly unknown[]>;
  /** A page was not what was asked for. */
  readonly failedCheck: () => void;
}

/** The parameters that may select what follows an item, oldest first; the first one does on all servers that are known. */
const PARAMETERS = ['after', 'before'] as const;

/**
 * Returns what a page behind an item proves to be; null if neither parameter gives a page that is behind it.
 *
 * @param query all but the cursor
 */
export async function pageBehind<Proven>(
  id: string,
  query: string,
  { page, failedCheck }: ListParts,
  prove: (rows: readonly unknown[]) => Proven | null,
): Promise<Proven | null | Changed> {
  for (const parameter of PARAMETERS) {
    // oxlint-disable-next-line no-await-in-loop -- The second is tried only if the first was wrong.
    const rows = await page(`${query}&${parameter}=${encodeURIComponent(id)}`).catch(nullIfGone);
    if (rows === null) return 'changed';
    const proven = prove(rows);
    if (proven !== null) return proven;
    failedCheck();
  }
  return null;
}

/** The item that a page was to follow is gone. */
function nullIfGone(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 404) return null;
  throw error;
}
