import { type AnswerError, ApiError, asApiError } from '../gateway/api-error.ts';
import { createStore, type Store } from '../store.ts';

/** The end of a list of a run, oldest first. */
interface Items<Item> {
  /** Undefined until they are loaded. */
  readonly nodes: readonly Item[] | undefined;
  /** The cursor of the first item if there are earlier ones. */
  readonly start: string | null;
  /** Why the list could not be read, and why something in it could not. */
  readonly error: ApiError | undefined;
  readonly partial: AnswerError | undefined;
}

/** Reads the last items, or those before a cursor. */
type ReadPage<Item> = (
  page: { readonly last: number; readonly before: string | null },
  signal: AbortSignal | undefined,
) => Promise<{
  readonly page:
    | {
        readonly nodes: readonly Item[];
        readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
      }
    | null
    | undefined;
  readonly errors: readonly AnswerError[];
}>;

export interface ItemList<Item> {
  readonly store: Store<Items<Item>>;
  /** Reads the last items, and joins them with what has been read. */
  readonly load: (last: number, signal?: AbortSignal) => Promise<void>;
  /** Reads some that come before what has been read. */
  readonly loadEarlier: (last: number) => Promise<void>;
}

export function openItems<Item extends { readonly id: string }>(readPage: ReadPage<Item>): ItemList<Item> {
  const store = createStore<Items<Item>>({
    nodes: undefined,
    start: null,
    error: undefined,
    partial: undefined,
  });

  async function read(last: number, before: string | null, signal?: AbortSignal): Promise<void> {
    try {
      const { page, errors } = await readPage({ last, before }, signal);
      const [partial] = errors;
      if (!page) throw new ApiError(partial ?? { message: 'This run no longer exists.' });
      const { nodes: known = [] } = store.get();
      const { nodes, pageInfo } = page;
      // What was read before the first item of a last page stays; nothing does if what lies between isn't known.
      const kept = before === null ? known.findIndex(({ id }) => id === nodes[0]?.id) : 0;
      store.set({
        nodes: before === null ? [...known.slice(0, Math.max(0, kept)), ...nodes] : [...nodes, ...known],
        ...(kept <= 0 && { start: pageInfo.hasPreviousPage ? pageInfo.startCursor : null }),
        error: undefined,
        partial,
      });
    } catch (error) {
      if (signal?.aborted !== true) store.set({ error: asApiError(error) });
    }
  }
  return {
    store,
    load: (last, signal) => read(last, null, signal),
    loadEarlier: (last) => read(last, store.get().start),
  };
}
