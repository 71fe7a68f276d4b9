import { InvalidCursorError, VanishedPositionError } from '../errors.ts';
import type { ListDefinition, ListRequest } from '../list.ts';
import type { Position } from '../position.ts';
import type { ReadRange } from '../ranges/read-range.ts';
import type { Rows } from '../rows.ts';
import {
  connect,
  type CursorPositions,
  type ListArguments,
  type Page,
  type PageNeeds,
  type PagePlan,
  planPage,
} from './connection.ts';
import { type CursorTarget, encodeCursor } from './cursor.ts';

/** Looks up rows of a list by their ids. */
export interface RowsById<Row> {
  /** Returns null if there is no row with this id. */
  load(id: string): Promise<Row | null>;
  /** Remembers rows, so that they need no look-up in the same request. */
  remember(rows: Rows<Row>): void;
}

/** What a page is loaded from. */
export interface PageSources<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly readRange: ReadRange<Row, Filter>;
  readonly byId: RowsById<Row>;
}

/**
 * Loads one page: finds the positions of its cursors, plans and sends the requests, and builds the page.
 *
 * @throws InvalidCursorError for a cursor whose row is gone or never existed
 * @throws UpstreamError
 */
export async function loadPage<Row, Filter>(
  args: ListArguments<Filter>,
  needs: PageNeeds,
  sources: PageSources<Row, Filter>,
): Promise<Page<Row>> {
  const { list, readRange, byId } = sources;
  const plan = planPage(args, await positionsOf(args, sources), needs, list.maxRows);
  const read = (request: ListRequest<Filter> | null): Promise<Rows<Row>> | Rows<Row> =>
    request === null ? [] : readRange(request);
  let answers: readonly [page: Rows<Row>, behind: Rows<Row>, beyond: Rows<Row>];
  try {
    // One promise where one is enough: nearly all pages are alone.
    answers =
      plan.behind === null && plan.beyond === null
        ? [await read(plan.page), [], []]
        : await Promise.all([read(plan.page), read(plan.behind), read(plan.beyond)]);
  } catch (error) {
    throw asCursorError(error, plan, list);
  }
  const [page, behind, beyond] = answers;
  const connected = connect(plan, { page, behind, beyond }, list);
  byId.remember(connected.rows);
  return connected;
}

/** Returns the positions of the cursors; that of an id is looked up. @throws InvalidCursorError, UpstreamError */
export async function positionsOf<Row>(
  { after, before }: Pick<ListArguments<unknown>, 'after' | 'before'>,
  { byId, list: { positionOf, row } }: Pick<PageSources<Row, never>, 'byId' | 'list'>,
): Promise<CursorPositions> {
  const find = async (argument: string, target: CursorTarget | null): Promise<Position | null> => {
    if (target?.kind !== 'id') return target?.position ?? null;
    const found = await byId.load(target.id);
    if (found !== null) return positionOf(found);
    throw new InvalidCursorError(argument, target.id, `is not the id of ${row} that you can see`);
  };
  return Promise.all([find('after', after), find('before', before)]);
}

/** Converts a VanishedPositionError: only the page's start is sent upstream, so that cursor's row is gone. */
export function asCursorError<Row>(
  error: unknown,
  plan: PagePlan<unknown>,
  { row }: ListDefinition<Row>,
): unknown {
  if (!(error instanceof VanishedPositionError)) return error;
  const cursor = plan.from === null ? error.id : encodeCursor(plan.from);
  const [, name] = row.split(' ');
  const why = `is no longer valid: its ${name} is gone; start again without it`;
  return new InvalidCursorError(startArgument(plan), cursor, why);
}

/** The argument whose cursor a page starts at. */
export function startArgument({ direction }: Pick<PagePlan<unknown>, 'direction'>): 'after' | 'before' {
  return direction === 'forward' ? 'after' : 'before';
}
