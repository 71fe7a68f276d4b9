import DataLoader from 'dataloader';
import { RepeatedKeysError } from './errors.ts';
import { keyOfFilter } from './filters.ts';
import type { ListDefinition, ListSource, RangeQuery } from './list.ts';
import type { Rows } from './rows.ts';

/** How rows of one list belong to owners. */
export interface Ownership<Row> {
  /** The filters that select one owner, and several. */
  readonly one: string;
  readonly several: string;
  readonly ownerOf: (row: Row) => string;
  /** Whether a filter by several owners can be one request; true until shown otherwise. */
  readonly takesSeveral: () => boolean;
}

/** What a query asks of each owner, besides which one it is. */
interface Batched<Filter> {
  readonly query: RangeQuery<Filter>;
  readonly owner: string;
}

type Answers<Row, Filter> = Map<Batched<Filter>, Rows<Row> | Error>;

/** Owners in one batch: their ids have to fit into one address. */
const MAX_BATCHED_OWNERS = 100;
/** The limit of a batch, as a multiple of the rows that its owners need if their rows are spread evenly. */
const OVERFETCH = 3;

/**
 * Returns a function that answers the same range query for many owners with few requests. The rows of
 * a whole batch of owners are requested in list order. The response is complete for each owner that
 * has as many rows in it as the query asks for, and for all owners if the response is shorter than
 * its limit. The remaining owners form the next batch; a last one is requested alone.
 */
export function batchOwners<Row, Filter extends object>(
  list: ListDefinition<Row>,
  source: Pick<ListSource<Row, Filter>, 'rowsFollowing'>,
  { one, several, ownerOf, takesSeveral }: Ownership<Row>,
): ListSource<Row, Filter>['rowsFollowing'] {
  const keyOf = (filter: Filter, { order, after, limit }: RangeQuery<Filter>): string =>
    keyOfFilter(list.filters, filter) + JSON.stringify([order, after?.key, after?.id, limit]);
  const having = (filter: Filter, name: string, value: unknown): Filter => ({ ...filter, [name]: value });

  /** Requests one batch, and returns the queries that it leaves unanswered: fewer, or all of them. */
  const answerBatch = async (
    queries: readonly Batched<Filter>[],
    answers: Answers<Row, Filter>,
  ): Promise<readonly Batched<Filter>[]> => {
    const [first, second] = queries;
    if (first === undefined) return [];
    const isAlone = second === undefined;
    const { query } = first;
    const limit = isAlone ? query.limit : Math.min(list.maxRows, queries.length * query.limit * OVERFETCH);
    const owners = queries.map(({ owner }) => owner);
    const filter = having(having(query.filter, one, undefined), several, owners);
    try {
      const rows = await source.rowsFollowing(
        isAlone ? query : { ...query, filter, limit, isOneRequest: true },
      );
      if (isAlone) {
        answers.set(first, rows);
        return [];
      }
      const byOwner = Map.groupBy(rows, ownerOf);
      const isComplete = rows.length < limit;
      return queries.filter((each) => {
        const own = byOwner.get(each.owner) ?? [];
        if (own.length < query.limit && !isComplete) return true;
        answers.set(each, own.slice(0, query.limit));
        return false;
      });
    } catch (error) {
      if (error instanceof RepeatedKeysError) return queries;
      const failure = error instanceof Error ? error : new Error('A range query failed', { cause: error });
      for (const each of queries) answers.set(each, failure);
      return [];
    }
  };

  /** Answers queries that differ only in their owners, which are distinct. */
  const answerGroup = async (
    queries: readonly Batched<Filter>[],
    answers: Answers<Row, Filter>,
  ): Promise<void> => {
    const limit = queries[0]?.query.limit ?? list.maxRows;
    let remaining = queries;
    while (remaining.length > 0) {
      const most = Math.max(1, Math.min(MAX_BATCHED_OWNERS, Math.floor(list.maxRows / limit)));
      const batches = chunks(remaining, takesSeveral() ? most : 1);
      remaining = (await Promise.all(batches.map((batch) => answerBatch(batch, answers)))).flat();
    }
  };

  let loader: DataLoader<Batched<Filter>, Rows<Row>, string> | undefined;
  const createLoader = () =>
    new DataLoader<Batched<Filter>, Rows<Row>, string>(
      async (queries) => {
        const groups = Map.groupBy(queries, ({ query }) =>
          keyOf(having(query.filter, one, undefined), query),
        );
        const answers: Answers<Row, Filter> = new Map();
        await Promise.all([...groups.values()].map((group) => answerGroup(group, answers)));
        return queries.map((query) => answers.get(query) ?? new Error('A range query was not answered'));
      },
      { cacheKeyFn: ({ query }) => keyOf(query.filter, query) },
    );
  return (query) => {
    const owner: unknown = Reflect.get(query.filter, one);
    if (typeof owner !== 'string') return source.rowsFollowing(query);
    return (loader ??= createLoader()).load({ query, owner });
  };
}

function chunks<Item>(items: readonly Item[], size: number): (readonly Item[])[] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );
}
