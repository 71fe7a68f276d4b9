import { InvalidCursorError } from '../errors.ts';
import type { ListDefinition, ListSource, RangeQuery } from '../list.ts';
import { opposite, type Order, type Position } from '../position.ts';
import type { Rows } from '../rows.ts';
import { connect, type Page } from './connection.ts';
import type { CursorTarget } from './cursor.ts';
import type { PageArguments } from './page-arguments.ts';
import { asCursorError } from './page-errors.ts';
import { type PageBounds, type PageNeeds, type PartQuery, planPage } from './plan.ts';

export interface PageRequest<Filter> {
  readonly page: PageArguments;
  readonly filter: Filter;
  readonly order: Order;
  readonly needs: PageNeeds;
}

/** What a page is loaded from. */
export interface PageSources<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly source: ListSource<Row, Filter>;
  readonly byId: {
    /** Returns null if there is no row with this id. */
    load(id: string): Promise<Row | null>;
    /** Remembers rows, so that they need no look-up in the same request. */
    remember(rows: Rows<Row>): void;
  };
}

/** The range queries of a plan. */
const PLAN_PARTS = ['page', 'firstRow', 'lastRow'] as const;
export type PlanPart = (typeof PLAN_PARTS)[number];

/** Answers the range queries of a page from some of the rows of a list only, as a search finds them. */
export interface PageSearch<Row, Filter> {
  read(part: PlanPart, query: RangeQuery<Filter>, bounds: PageBounds): Promise<Rows<Row>>;
  /** @throws if what was read doesn't tell the page as a whole */
  check(page: Page<Row>, bounds: PageBounds): void;
}

/**
 * Loads one page: resolves its cursors to positions, plans and sends the range queries, and builds the page.
 *
 * @param search how the rows are found if not all of the list are wanted
 * @throws InvalidCursorError for a cursor whose row is gone or never existed
 * @throws UpstreamError
 */
export async function loadPage<Row, Filter>(
  request: PageRequest<Filter>,
  sources: PageSources<Row, Filter>,
  search?: PageSearch<Row, Filter>,
): Promise<Page<Row>> {
  const { order, page: given } = request;
  const { list, source, byId } = sources;
  const ahead = search === undefined ? readAhead(request, sources) : {};
  const [after, before] = hasId(given)
    ? await Promise.all([
        positionOfCursor('after', given.after, sources),
        positionOfCursor('before', given.before, sources),
      ])
    : [unproven(given.after), unproven(given.before)];
  const bounds: PageBounds = { ...given, after, before };
  // What is searched comes from as many requests as it takes.
  const plan = planPage(bounds, request.needs, search === undefined ? list.maxRows : list.maxRows + 1);
  const rowsOf = (part: PlanPart): Promise<Rows<Row>> | Rows<Row> => {
    if (plan[part] === null) return [];
    const query = rangeOf(plan[part], request);
    if (search !== undefined) return search.read(part, query, bounds);
    return ahead[part]?.(query) ?? source.rowsFollowing(query);
  };
  const isAlone = plan.firstRow === null && plan.lastRow === null;
  let answers: readonly [page: Rows<Row>, firstRow: Rows<Row>, lastRow: Rows<Row>];
  try {
    // One promise where one is enough: nearly all pages are alone.
    answers = isAlone
      ? [await rowsOf('page'), [], []]
      : await Promise.all([rowsOf('page'), rowsOf('firstRow'), rowsOf('lastRow')]);
  } catch (error) {
    throw asCursorError(error, bounds, list);
  }
  const [page, firstRow, lastRow] = answers;
  const connected = connect(plan, { page, firstRow, lastRow }, { order, positionOf: list.positionOf });
  search?.check(connected, bounds);
  byId.remember(connected.rows);
  return connected;
}

/**
 * Where a cursor is the id of a row, whose position has to be looked up: sends what the page will ask for
 * at once, since the id is enough for that. Returns what answers it when the position is known.
 */
function readAhead<Row, Filter>(
  request: PageRequest<Filter>,
  { list, source }: PageSources<Row, Filter>,
): { readonly [Part in PlanPart]?: ListSource<Row, Filter>['rowsFollowing'] } {
  const { after, before } = request.page;
  if (!hasId(request.page)) return {};
  const bounds = { ...request.page, after: unproven(after), before: unproven(before) };
  const plan = planPage(bounds, request.needs, list.maxRows);
  const send = (part: PlanPart) => plan[part] && [part, source.readAhead(rangeOf(plan[part], request))];
  return Object.fromEntries(PLAN_PARTS.map(send).filter((sent) => sent !== null));
}

/** Whether a cursor is the id of a row. */
function hasId({ after, before }: PageArguments): boolean {
  return after?.kind === 'id' || before?.kind === 'id';
}

/** The position of a cursor, without the key if that isn't known. */
function unproven(target: CursorTarget | null): Position | null {
  return target?.kind === 'id' ? { id: target.id, key: '' } : (target?.position ?? null);
}

function rangeOf<Filter>(
  { from, reversed, limit }: PartQuery,
  { filter, order }: PageRequest<Filter>,
): RangeQuery<Filter> {
  return { filter, order: reversed ? opposite(order) : order, after: from, limit };
}

async function positionOfCursor<Row>(
  argument: string,
  target: CursorTarget | null,
  { byId, list: { positionOf, row } }: PageSources<Row, never>,
): Promise<Position | null> {
  if (target === null) return null;
  if (target.kind === 'position') return target.position;
  const found = await byId.load(target.id);
  if (found !== null) return positionOf(found);
  throw new InvalidCursorError(argument, target.id, `is not the id of ${row} that you can see`);
}
