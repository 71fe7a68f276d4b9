import DataLoader from 'dataloader';
import { keyOfFilter, valueOf } from './filters.ts';
import type { ListDefinition, ListRequest, Rows } from './list.ts';
import type { ReadRange } from './ranges/read-range.ts';

/** How rows of one list belong to owners. */
export interface Ownership<Row> {
  /** The names of the filters that select one owner, and several. */
  readonly singleFilter: string;
  readonly listFilter: string;
  readonly ownerOf: (row: Row) => string;
}

/** The maximum number of owners in one batch: so many ids of the usual length fit into one address. */
const MAX_BATCHED_OWNERS = 100;
/** The limit of a batch, as a multiple of the rows that its owners need: their rows may not be spread evenly. */
const OVERFETCH = 3;

/**
 * Returns a function that answers the same request for many owners with few requests, each for the rows of a batch
 * of owners in list order. Owners of whom a response may lack rows form the next batch; a single owner is requested alone.
 *
 * @returns a function for requests whose filter selects one owner
 */
export function batchOwners<Row, Filter extends object>(
  list: ListDefinition<Row>,
  readRange: ReadRange<Row, Filter>,
  { singleFilter, listFilter, ownerOf }: Ownership<Row>,
): ReadRange<Row, Filter> {
  type Request = ListRequest<Filter>;
  type Results = Map<Request, Rows<Row> | Error>;
  const ownerIn = (request: Request): string => String(valueOf(request.filter, singleFilter));
  const keyOf = ({ filter, order, after, limit }: Request): string =>
    keyOfFilter(list.filters, filter) + JSON.stringify([order, after?.key, after?.id, limit]);
  const ofOwners = ({ filter, ...request }: Request, owners?: readonly string[]): Request => ({
    ...request,
    filter: { ...filter, [singleFilter]: undefined, [listFilter]: owners },
  });

  /** Requests one batch, and returns the requests that it leaves unanswered, which are fewer. */
  const readBatch = async (requests: readonly Request[], results: Results): Promise<readonly Request[]> => {
    const [first, ...others] = requests;
    if (first === undefined) return [];
    try {
      if (others.length === 0) {
        results.set(first, await readRange(first));
        return [];
      }
      const limit = Math.min(list.maxRows, requests.length * first.limit * OVERFETCH);
      const rows = await readRange({ ...ofOwners(first, requests.map(ownerIn)), limit });
      const byOwner = Map.groupBy(rows, ownerOf);
      return requests.filter((each) => {
        const found = byOwner.get(ownerIn(each)) ?? [];
        if (found.length < each.limit && rows.length === limit) return true;
        results.set(each, found.slice(0, each.limit));
        return false;
      });
    } catch (error) {
      const failure = error instanceof Error ? error : new Error('A request failed', { cause: error });
      for (const each of requests) results.set(each, failure);
      return [];
    }
  };

  /** Answers requests that differ only in their owners, which are distinct. */
  const readAll = async (requests: readonly Request[], results: Results): Promise<void> => {
    for (let remaining = requests; remaining.length > 0;) {
      const limit = remaining[0]?.limit ?? 1;
      const size = Math.min(MAX_BATCHED_OWNERS, Math.floor(list.maxRows / limit));
      const batches = Map.groupBy(remaining, (_request, index) => Math.floor(index / size)).values();
      const unanswered = batches.map((batch) => readBatch(batch, results));
      // oxlint-disable-next-line no-await-in-loop -- Requests that a batch leaves unanswered are in the next batch.
      remaining = (await Promise.all(unanswered)).flat();
    }
  };

  const loader = new DataLoader<Request, Rows<Row>, string>(
    async (requests) => {
      const results: Results = new Map();
      const alike = Map.groupBy(requests, (request) => keyOf(ofOwners(request)));
      await Promise.all([...alike.values()].map((some) => readAll(some, results)));
      return requests.map((request) => results.get(request) ?? new Error('A request was not answered'));
    },
    { cacheKeyFn: keyOf },
  );
  return (request) => loader.load(request);
}
