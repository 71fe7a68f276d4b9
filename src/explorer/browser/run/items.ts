import { type AnswerError, ApiError, asApiError } from '../gateway/api-error.ts';
import { createStore, type Store } from '../store.ts';

/** The end of a list of a run, oldest first. */
interface Items<Node> {
  /** Undefined until they are loaded. */
  readonly nodes: readonly Node[] | undefined;
  readonly hasEarlier: boolean;
  /** Why they could not be read, and why something in them could not. */
  readonly error: ApiError | undefined;
  readonly partial: AnswerError | undefined;
}

/** A page that ends before a cursor, or with the newest. */
type ReadPage<Node> = (
  page: { readonly last: number; readonly before?: string | null },
  signal: AbortSignal | undefined,
) => Promise<{
  readonly page:
    | {
        readonly nodes: readonly Node[];
        readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
      }
    | null
    | undefined;
  readonly errors: readonly AnswerError[];
}>;

export interface ItemList<Node> {
  readonly store: Store<Items<Node>>;
  /** Reads the newest, and joins them with what has been read. */
  readonly load: (last: number, signal?: AbortSignal) => Promise<void>;
  readonly loadEarlier: () => Promise<void>;
}

/** @param size of the pages of earlier ones */
export function openItems<Node extends { readonly id: string }>(
  size: number,
  read: ReadPage<Node>,
): ItemList<Node> {
  const store = createStore<Items<Node>>({
    nodes: undefined,
    hasEarlier: false,
    error: undefined,
    partial: undefined,
  });
  /** The cursor of the first node. */
  let start: string | null = null;

  async function readInto(
    merge: (known: readonly Node[], found: readonly Node[]) => readonly Node[] | undefined,
    ...asked: Parameters<ReadPage<Node>>
  ): Promise<void> {
    const [, signal] = asked;
    try {
      const { page, errors } = await read(...asked);
      const [partial] = errors;
      if (!page) throw new ApiError(partial ?? { message: 'This run no longer exists.' });
      const nodes = merge(store.get().nodes ?? [], page.nodes);
      store.set({ nodes: nodes ?? page.nodes, error: undefined, partial });
      // Of what was joined to earlier ones, these still begin where they did.
      if (nodes !== undefined && asked[0].before === undefined) return;
      start = page.pageInfo.startCursor;
      store.set({ hasEarlier: page.pageInfo.hasPreviousPage });
    } catch (error) {
      if (signal?.aborted !== true) store.set({ error: asApiError(error) });
    }
  }

  return {
    store,
    load: (last, signal) => readInto(joinEnd, { last }, signal),
    loadEarlier: () =>
      readInto((later, earlier) => [...earlier, ...later], { last: size, before: start }, undefined),
  };
}

/** Puts the end of a list in the place of what it was; undefined if what lies between isn't known. */
function joinEnd<Node extends { readonly id: string }>(
  known: readonly Node[],
  end: readonly Node[],
): readonly Node[] | undefined {
  const from = known.findIndex(({ id }) => id === end[0]?.id);
  return from < 0 ? undefined : [...known.slice(0, from), ...end];
}
