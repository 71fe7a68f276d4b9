import { UnsupportedError } from '../../errors/gateway-error.ts';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { CursorParameter } from '../ranges/dialect.ts';

/** The items of a list that were read so far, from its start. */
export interface ReadItems<Item> {
  readonly items: readonly Item[];
  /** Whether these are all items of the list. */
  readonly isWhole: boolean;
}

/** A list without positions, such as the steps of a run, oldest first: only ids are cursors of it. */
export interface ItemList<Item> {
  /**
   * Reads on until the condition holds for the items read so far; without a condition, the whole list. The items are
   * the beginning of what one request for the whole list would return.
   */
  read(isEnough?: (items: readonly Item[]) => boolean): Promise<ReadItems<Item>>;
}

/** How a list is read. */
export interface ItemReader<Item> {
  readonly readFirst: () => Promise<ReadItems<Item>>;
  /** Reads the items that follow the items read so far. */
  readonly readOn: (items: readonly Item[]) => Promise<ReadItems<Item>>;
}

/** Returns a list that is read page by page, each page at most once, when it is first needed. A failure is final. */
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

/** Returns the error for a list whose pages may be right, but don't prove that they are the whole list. */
export function partialList(size: number, why: string): UnsupportedError {
  const message = `The runs API gives ${size} at a time, from which the whole list can't be told: ${why}.`;
  return new UnsupportedError(message);
}

/** How pages of a list are requested. */
export interface ListParts {
  /** Requests a page by its query. @throws UpstreamError 404 if there is no such list or cursor */
  readonly page: (query: string) => Promise<readonly unknown[]>;
  /** Records that a page failed its proof. */
  readonly failedCheck: () => void;
}

/** The items that follow: `after` on self-hosted servers, `before` in a list read from its end. Letta Cloud doesn't say. */
const PARAMETERS: readonly CursorParameter[] = ['after', 'before'];

/**
 * Requests the page behind an item, and returns its proven content.
 *
 * @param query the query without the cursor
 * @param parameters the cursor parameters to try, in this order
 * @param prove returns null for a page that isn't behind the item
 * @throws UpstreamError if neither parameter gives a page behind the item, or the item is gone
 */
export async function pageBehind<Proven>(
  id: string,
  query: string,
  { page, failedCheck }: ListParts,
  prove: (rows: readonly unknown[]) => Proven | null,
  parameters: readonly CursorParameter[] = PARAMETERS,
): Promise<Proven> {
  for (const parameter of parameters) {
    // oxlint-disable-next-line no-await-in-loop -- The second parameter is tried only if the first was wrong.
    const rows = await page(`${query}&${parameter}=${encodeURIComponent(id)}`).catch((error: unknown) => {
      // The item is gone.
      if (error instanceof UpstreamError && error.status === 404) return null;
      throw error;
    });
    const proven = rows && prove(rows);
    if (proven !== null) return proven;
    if (rows === null) break;
    failedCheck();
  }
  throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', `The list does not go on behind ${id}`);
}
