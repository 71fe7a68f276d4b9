import { ArgumentError } from '../errors/gateway-error.ts';
import { type FilterTable, valueOf } from './filters.ts';
import type { Order, Position } from './position.ts';
import type { CursorParameter, DialectState, DialectStateOptions } from './ranges/dialect.ts';
import type { PageSizes } from './ranges/page-sizes.ts';

/** Rows in order, such as an array. Rows that are only copied become objects when they are read. */
export interface Rows<Row> extends Iterable<Row> {
  readonly length: number;
  at(index: number): Row | undefined;
  slice(start?: number, end?: number): Rows<Row>;
  toReversed(): Rows<Row>;
}

/** The formats of ids in cursors. */
export interface CursorFormat {
  /** Ids that are accepted in place of a cursor. */
  readonly pattern: RegExp;
  /** Ids that rows of the list may have, and so may occur in cursors. */
  readonly listedPattern: RegExp;
}

/** A list: its path, its filters, and how its rows are ordered. */
export interface ListDefinition<Row, Filters extends FilterTable<Row> = FilterTable<Row>> {
  /** The name of the list for operators. */
  readonly name: string;
  /** What a row is called in messages and look-ups, such as `run`. */
  readonly noun: string;
  /** Relative to the root of the API. The path of runs ends in a slash: a redirect would lose the credentials. */
  readonly path: string;
  /** Parameters of all requests. */
  readonly query?: string;
  readonly positionOf: (row: Row) => Position;
  readonly cursors: CursorFormat;
  /** The dialect of its cursors, expected or forced. @default that of the upstream */
  readonly dialect?: Pick<DialectStateOptions, 'expected' | 'forced'>;
  /** Whether an unknown cursor is answered by 404. */
  readonly refusesUnknownCursors?: true;
  /** Whether a cursor selects rows with another key only: those with the key of its own row are left out. */
  readonly cursorsSkipTies?: true;
  /** Whether rows get another position as they change. */
  readonly rowsMove?: true;
  /** Fields of its rows that the API doesn't send. */
  readonly assigned?: Partial<Row>;
  readonly filters: Filters;
  /** The filter of which the values may be too many for one address. */
  readonly longFilter: string;
  /** The maximum number of rows of a page, and the number without `first` and `last`. */
  readonly maxRows: number;
  readonly defaultRows: number;
}

/** Returns a noun with its article: `a run`, `an agent`. */
export function withArticle(noun: string): string {
  return `${/^[aeiou]/.test(noun) ? 'an' : 'a'} ${noun}`;
}

/** A request for the rows of a list that follow a position, nearest first. */
export interface ListRequest<Filter> {
  readonly filter: Filter;
  readonly order: Order;
  /** The rows start right after this position; null starts at the top of the list. */
  readonly after: Position | null;
  /** The maximum number of rows, from 1 to the list's `maxRows`. */
  readonly limit: number;
}

/** Rows as the upstream sent them, and the orders in which reading found them to be strictly sorted. */
export interface UncheckedPage<Row> {
  readonly rows: Rows<Row>;
  readonly orders: readonly Order[];
}

/** State of a list that all callers of one upstream share; each part says who can write it. */
export interface ListState {
  readonly dialect: DialectState;
  readonly sizes: PageSizes;
  /** Records that a page failed a check. */
  readonly failedCheck: (check: 'position' | 'order' | 'length' | 'filter') => void;
}

/** A list that one caller can see, as its upstream serves it. All methods reject with {@link UpstreamError} on failure. */
export interface ServedList<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly state: ListState;
  /** Sends one request; the response is decoded but not checked. @param parameter takes the id of the position */
  requestPage(request: ListRequest<Filter>, parameter: CursorParameter): Promise<UncheckedPage<Row>>;
  /** Whether there is a row with this id. */
  exists(id: string): Promise<boolean>;
}

/** Bytes of an address that are kept free for the cursor, limit and order of later pages. */
const PAGE_BYTES = 80;

/**
 * Returns the path and query of a request, relative to the root of the API.
 *
 * @param maxBytes the maximum length of an address
 * @throws ArgumentError for a filter with more values than fit into one address
 */
export function addressOf<Row, Filter extends object>(
  { path, query, filters, longFilter }: ListDefinition<Row>,
  { filter, order, after, limit }: ListRequest<Filter>,
  cursorParameter: CursorParameter,
  maxBytes: number,
): string {
  let list = `${path}?${query === undefined ? '' : `${query}&`}`;
  for (const name in filters) {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The values of filters are sent as they are.
    const value = valueOf(filter, name) as string | boolean | readonly string[] | undefined;
    if (value === undefined) continue;
    const parameter = filters[name]?.parameter ?? name;
    // Lists are sent as repeated keys: the API accepts no other form, and silently ignores `key[]`.
    for (const each of [value].flat()) list += `${parameter}=${encodeURIComponent(each)}&`;
  }
  const cursor = after === null ? '' : `${cursorParameter}=${encodeURIComponent(after.id)}&`;
  const page = `${cursor}limit=${limit}&order=${order}`;
  const bytes = list.length + Math.max(PAGE_BYTES, page.length);
  if (bytes <= maxBytes) return list + page;
  const { length: count } = [valueOf(filter, longFilter)].flat();
  throw new ArgumentError(
    longFilter,
    `${longFilter}: ${count} values are too many for one request to the API, whose address may have ${maxBytes} bytes, but would have ${bytes}. Ask for some of them at a time.`,
  );
}
