import { UnsupportedError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';

/** The items of a list that were read so far, from its start. */
export interface ReadItems<Item> {
  readonly items: readonly Item[];
  /** Whether these are all items of the list. */
  readonly isWhole: boolean;
}

/** A list without positions, such as the steps of a run, oldest first: only ids are cursors of it. */
export interface ItemList<Item> {
  /**
   * Reads on until the items are enough, or all of them without a condition. They are those that one request for the
   * whole list would begin with.
   */
  read(isEnough?: (items: readonly Item[]) => boolean): Promise<ReadItems<Item>>;
}

/** How a list is read. */
export interface ItemReader<Item> {
  /** Reads the first items. */
  readonly readFirst: () => Promise<ReadItems<Item>>;
  /** Reads on behind the items read so far. */
  readonly readOn: (items: readonly Item[]) => Promise<ReadItems<Item>>;
}

/** Returns a list that is read page by page, each page at most once, when it is first needed. A failure stays. */
export function createItemList<Item>({ readFirst, readOn }: ItemReader<Item>): ItemList<Item> {
  let read: ReadItems<Item> | undefined;
  let reading: Promise<void> | undefined;
  const goOn = async (): Promise<void> => {
    read = await (read === undefined ? readFirst() : readOn(read.items));
    reading = undefined;
  };
  return {
    async read(isEnough) {
      for (;;) {
        if (read !== undefined && (read.isWhole || isEnough?.(read.items) === true)) return read;
        reading ??= goOn();
        // oxlint-disable-next-line no-await-in-loop -- Each page starts where the one before it ended.
        await reading;
      }
    },
  };
}

/** For a list whose pages may be right, but don't tell the whole list: nothing is guessed. */
export function untoldList(size: number, why: string): UnsupportedError {
  const message = `The runs API gives ${size} at a time, from which the whole list can't be told: ${why}.`;
  return new UnsupportedError(message);
}

/** What the pages of a list are read with. */
export interface ListParts {
  /** Requests a page by its query. @throws UpstreamError 404 if there is no such list or cursor */
  readonly page: (query: string) => Promise<readonly unknown[]>;
  /** A page was not what was asked for. */
  readonly failedCheck: () => void;
}

/** The parameters that may select what follows an item: `after` does on all servers that are known. */
const PARAMETERS = ['after', 'before'] as const;

/**
 * Returns what a page behind an item proves to be.
 *
 * @param query all but the cursor
 * @param prove returns null for a page that isn't behind the item
 * @throws UpstreamError if neither parameter gives a page behind the item, or the item is gone
 */
export async function pageBehind<Proven>(
  id: string,
  query: string,
  { page, failedCheck }: ListParts,
  prove: (rows: readonly unknown[]) => Proven | null,
): Promise<Proven> {
  for (const parameter of PARAMETERS) {
    // oxlint-disable-next-line no-await-in-loop -- The second is tried only if the first was wrong.
    const rows = await page(`${query}&${parameter}=${encodeURIComponent(id)}`).catch(nullIfGone);
    const proven = rows && prove(rows);
    if (proven !== null) return proven;
    if (rows === null) break;
    failedCheck();
  }
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The list does not go on behind ${id}`);
}

/** The item that a page was to follow is gone. */
function nullIfGone(error: unknown): null {
  if (error instanceof UpstreamError && error.status === 404) return null;
  throw error;
}
