import type { CursorDialect, ProfileOptions } from '../options.ts';
import { precedes, type Row } from '../store/row-store.ts';
import { choice, int, text } from './parameters.ts';
import { databaseError, HttpError } from './request-reply.ts';

/** A list with cursors and a limit. */
export interface List {
  /** How the route interprets cursors; `by time`: `after` means later in both orders; `after alone`: it has no `before`. */
  readonly cursors: CursorDialect | 'by time' | 'after alone';
  readonly defaultLimit: number;
  readonly maxLimitOnCloud: number;
  /** Whether cursors follow the `dialect` option, as those of lists of runs do. */
  readonly isOfRuns?: true;
}

/** The parameters that all lists have. */
export const PAGE = {
  before: text,
  after: text,
  order: choice('literal_error', ['asc', 'desc']),
  order_by: choice('literal_error', ['created_at']),
  limit: int(),
};

/** Returns the query with the dialect and the limit of the options. @throws HttpError 422 for a larger limit */
export function queryFor(list: List, query: URLSearchParams, options: ProfileOptions): URLSearchParams {
  const { profile, dialect = 'reversed', maxLimit = Infinity } = options;
  const isCloud = profile === 'cloud';
  const max = Math.min(maxLimit, isCloud ? list.maxLimitOnCloud : Infinity);
  const limit = query.getAll('limit').at(-1);
  if (limit !== undefined && Number(limit) > max) throw overLimit(limit, max);
  const byTime = query.getAll('order').at(-1) === 'desc' ? 'reversed' : 'documented';
  const native = list.cursors === 'by time' ? byTime : list.cursors;
  const wanted = native !== 'after alone' && (list.isOfRuns || isCloud) ? dialect : native;
  const swapped: Readonly<Record<string, string>> =
    wanted === native ? {} : { before: 'after', after: 'before' };
  const translated = new URLSearchParams([...query].map(([name, value]) => [swapped[name] ?? name, value]));
  if (limit === undefined) translated.set('limit', String(Math.min(list.defaultLimit, max)));
  return translated;
}

/** The 422 of Letta Cloud, whose detail is JSON, unlike that of Letta 0.16.7. */
function overLimit(input: string, max: number): HttpError {
  const msg = `Input should be less than or equal to ${max}`;
  const error = { type: 'less_than_equal', loc: ['query', 'limit'], msg, input, ctx: { le: max } };
  return new HttpError({ status: 422, body: JSON.stringify({ detail: [error] }) });
}

interface Page<R> {
  readonly isAscending: boolean;
  readonly limit: number | undefined;
  /** The rows that the page follows and precedes in list order. */
  readonly following?: R | undefined;
  readonly preceding?: R | undefined;
}

/**
 * Returns the JSON of one page, in list order.
 * @param rows the whole list, oldest first
 * @throws HttpError 500 for a limit that PostgreSQL refuses
 */
export function pageText<R extends Row>(
  rows: readonly R[],
  { isAscending, limit = 0, following, preceding }: Page<R>,
  keeps: (row: R) => boolean,
  textOf: (row: R) => string,
): string {
  if (limit < 0) throw databaseError();
  const comesFirst = (a: R, b: R): boolean => (isAscending ? precedes(a, b) : precedes(b, a));
  const page = (isAscending ? rows : rows.toReversed())
    .values()
    .filter((row) => following === undefined || comesFirst(following, row))
    .filter((row) => preceding === undefined || comesFirst(row, preceding))
    .filter(keeps)
    .take(limit);
  return `[${page.map(textOf).toArray().join(',')}]`;
}
