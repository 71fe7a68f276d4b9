import { InvalidCursorError, VanishedPositionError } from '../list-errors.ts';
import { type ListDefinition, type ListRequest, type Rows, withArticle } from '../list.ts';
import type { Position } from '../position.ts';
import type { ReadRange } from '../ranges/read-range.ts';
import { buildPage, type Page, type PageRanges } from './build-page.ts';
import { type CursorTarget, encodeCursor } from './cursor.ts';
import {
  type CursorPositions,
  type ListArguments,
  type PageNeeds,
  type PagePlan,
  planPage,
} from './plan-page.ts';

/** Looks up rows of a list by their ids. */
export interface RowsById<Row> {
  /** Returns null if there is no row with this id. */
  load(id: string): Promise<Row | null>;
  /** Remembers rows, so that the same operation looks none of them up. */
  remember(rows: Rows<Row>): void;
}

/** The list, and how its rows are read and looked up. */
export interface PageSources<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly readRange: ReadRange<Row, Filter>;
  readonly byId: RowsById<Row>;
}

/**
 * Loads one page, by at most three requests.
 *
 * @throws InvalidCursorError for a cursor whose row is gone or never existed
 * @throws UpstreamError
 */
export function loadPage<Row, Filter>(
  args: ListArguments<Filter>,
  needs: PageNeeds,
  sources: PageSources<Row, Filter>,
): Promise<Page<Row>> {
  const { list, readRange } = sources;
  const read = (request: ListRequest<Filter> | null): Promise<Rows<Row>> =>
    request === null ? Promise.resolve([]) : readRange(request);
  return loadPlanned(args, needs, list.maxRows, sources, async (plan) => {
    if (plan.behind === null && plan.beyond === null) {
      return { page: await read(plan.page), behind: [], beyond: [] };
    }
    const ranges = await Promise.all([read(plan.page), read(plan.behind), read(plan.beyond)]);
    const [page, behind, beyond] = ranges;
    return { page, behind, beyond };
  });
}

/**
 * Finds the positions of a page's cursors, plans its requests, has them answered, and builds the page.
 *
 * @param maxRows the maximum number of rows of one request
 * @throws InvalidCursorError, UpstreamError, and what `read` throws
 */
export async function loadPlanned<Row, Filter>(
  args: ListArguments<Filter>,
  needs: PageNeeds,
  maxRows: number,
  { list, byId }: Pick<PageSources<Row, Filter>, 'list' | 'byId'>,
  read: (plan: PagePlan<Filter>) => Promise<PageRanges<Row>>,
): Promise<Page<Row>> {
  const { after, before } = args;
  const find = async (argument: string, target: CursorTarget | null): Promise<Position | null> => {
    if (target?.type !== 'id') return target?.position ?? null;
    const found = await byId.load(target.id);
    if (found !== null) return list.positionOf(found);
    throw new InvalidCursorError(
      argument,
      target.id,
      `is not the id of ${withArticle(list.noun)} that you can see`,
    );
  };
  const positions: CursorPositions =
    after?.type === 'id' || before?.type === 'id'
      ? await Promise.all([find('after', after), find('before', before)])
      : [after?.position ?? null, before?.position ?? null];
  const plan = planPage(args, positions, needs, maxRows);
  let ranges: PageRanges<Row>;
  try {
    ranges = await read(plan);
  } catch (error) {
    if (!(error instanceof VanishedPositionError)) throw error;
    // Only the cursor at the page's start is sent upstream, so the row that is gone is the row of this cursor.
    const cursor = plan.from === null ? error.id : encodeCursor(plan.from);
    const why = `is no longer valid: its ${list.noun} is gone${list.rowsMove === true ? ', or has moved' : ''}; start again without it`;
    throw new InvalidCursorError(startArgument(plan), cursor, why);
  }
  const page = buildPage(plan, ranges, list);
  byId.remember(page.rows);
  return page;
}

/** The argument whose cursor a page starts at. */
export function startArgument({ direction }: Pick<PagePlan<unknown>, 'direction'>): 'after' | 'before' {
  return direction === 'forward' ? 'after' : 'before';
}
