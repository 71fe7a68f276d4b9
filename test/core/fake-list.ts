import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { addressOf } from '../../src/lists/list.ts';
import type { ListDefinition, ListRequest, ServedList, UncheckedPage } from '../../src/lists/list.ts';
import { type CursorParameter, createDialectState, type Dialect } from '../../src/lists/ranges/dialect.ts';
import { PageSizes } from '../../src/lists/ranges/page-sizes.ts';
import { readRange } from '../../src/lists/ranges/read-range.ts';
import type { SeekPosition } from '../../src/lists/windows/window.ts';
import { inOrder, type Placed } from './relay-model.ts';

export interface Row extends Placed {
  readonly owner: string;
  readonly color: string;
}

export interface Filter {
  readonly owner?: string | undefined;
  readonly owners?: readonly string[] | undefined;
  readonly colors?: readonly string[] | undefined;
}

export const LIST: ListDefinition<Row> = {
  name: 'rows',
  noun: 'row',
  path: 'rows/',
  positionOf: ({ key, id }) => ({ key, id }),
  cursors: { pattern: /^row-\w+$/, listedPattern: /^(?:row|job)-\w+$/ },
  filters: {
    owner: { parameter: 'owner', matches: (row, owner: string) => row.owner === owner },
    owners: { parameter: 'owner_ids', matches: ({ owner }, all: readonly string[]) => all.includes(owner) },
    colors: { parameter: 'colors', matches: ({ color }, all: readonly string[]) => all.includes(color) },
  },
  longFilter: 'owners',
  maxRows: 12,
  defaultRows: 5,
};

export function matches(row: Row, { owner, owners, colors }: Filter): boolean {
  return (
    (owner === undefined || row.owner === owner) &&
    (owners === undefined || owners.includes(row.owner)) &&
    (colors === undefined || colors.includes(row.color))
  );
}

/** What happens to the list ahead of a request. */
export type Change =
  | { readonly kind: 'comes'; readonly row: Row }
  | { readonly kind: 'vanishes'; readonly at: number }
  | { readonly kind: 'changes'; readonly at: number; readonly color: string }
  | { readonly kind: 'stays' };

/** A request as a server sees it. */
export interface Asked extends Omit<ListRequest<Filter>, 'after'> {
  readonly cursors: { readonly [Name in CursorParameter]?: string };
  /** The query of its address. */
  readonly query: string;
}

/** What is done to the rows of an answer. @param at the number of the request, from 0 on */
export type Fault = (rows: readonly Row[], all: readonly Row[], at: number, request: Asked) => readonly Row[];

/** How a made-up server behaves. */
export interface Script {
  readonly rows: readonly Row[];
  readonly dialect: Dialect;
  readonly maxRows?: number;
  /** A cursor whose row is gone is ignored, or else refused. */
  readonly refusesGone?: boolean;
  /** A larger limit is refused. */
  readonly maxLimit?: number;
  /** More rows are left out without a word. */
  readonly cutAt?: number;
  /** A cursor leaves out the other rows with its key; it may be of a row that is gone. `before` is ignored. */
  readonly skipsTies?: boolean;
  /** Filters that it doesn't know. */
  readonly ignored?: readonly string[];
  /** Whether pages are known to be sorted before they are checked. */
  readonly isSorted?: boolean;
  readonly maxPathBytes?: number;
  /** One for each request, in order. */
  readonly changes?: readonly Change[];
  readonly fault?: Fault;
  readonly seek?: SeekPosition | undefined;
}

/** What the gateway knows at first of a list. */
export interface Knowledge {
  readonly proven?: Dialect | undefined;
  /** How long ago that was, in milliseconds. */
  readonly provenAgo?: number | undefined;
  readonly forced?: Dialect | undefined;
}

/** A list behind a scripted server, in process. It remembers what it was asked, and what it held at each request. */
export class FakeList implements ServedList<Row, Filter> {
  readonly list: ListDefinition<Row>;
  readonly state: ServedList<Row, Filter>['state'];
  readonly script: Script;
  readonly asked: Asked[] = [];
  readonly moments: (readonly Row[])[] = [];
  readonly failedChecks: string[] = [];
  readonly #everThere = new Map<string, Row>();
  /** Those that need no look-up any more. */
  readonly remembered: Row[] = [];
  /** How many pages were asked for before each look-up. */
  readonly askedBefore: number[] = [];
  /** Oldest first. */
  rows: readonly Row[];
  now = 0;

  constructor(script: Script, { proven, provenAgo = 0, forced }: Knowledge = {}) {
    const maxRows = script.maxRows ?? LIST.maxRows;
    const now = (): number => this.now;
    const dialect = createDialectState({ forced, now });
    this.list = { ...LIST, maxRows, ...(script.skipsTies === true && { cursorsSkipTies: true }) };
    this.state = {
      dialect,
      sizes: new PageSizes(maxRows, { now, least: 1 }),
      failedCheck: (kind) => this.failedChecks.push(kind),
    };
    this.script = script;
    this.rows = inOrder(script.rows, 'asc');
    for (const row of this.rows) this.#everThere.set(row.id, row);
    if (proven !== undefined) dialect.prove(proven);
    this.now += provenAgo;
  }

  readRange = (request: ListRequest<Filter>) => readRange(request, this);

  async requestPage(request: ListRequest<Filter>, parameter: CursorParameter): Promise<UncheckedPage<Row>> {
    const address = addressOf(this.list, request, parameter, this.script.maxPathBytes ?? 7500);
    const query = address.slice(`${LIST.path}?`.length);
    const { after, ...others } = request;
    const asked = { ...others, cursors: after === null ? {} : { [parameter]: after.id }, query };
    const at = this.asked.push(asked) - 1;
    this.passTime();
    const rows = this.#answer(asked);
    const sent = this.script.fault?.(rows, this.rows, at, asked) ?? rows;
    return { rows: sent, orders: sent === rows && this.script.isSorted === true ? [asked.order] : [] };
  }

  exists = async (id: string): Promise<boolean> => (await this.find(id)) !== null;

  async find(id: string): Promise<Row | null> {
    this.askedBefore.push(this.asked.length);
    this.passTime();
    return this.rows.find((row) => row.id === id) ?? null;
  }

  seek: SeekPosition = async (query) => this.script.seek?.(query);

  /** What was there of some rows, at each moment that it was asked for anything. */
  momentsOf(filter: Filter, isWanted: (row: Row) => boolean = () => true): readonly (readonly Row[])[] {
    const moments = this.moments.length === 0 ? [this.rows] : this.moments;
    return moments.map((moment) => moment.filter((row) => matches(row, filter) && isWanted(row)));
  }

  /** Lets the next change happen. */
  passTime(): void {
    const change = this.script.changes?.[this.moments.length];
    if (change !== undefined) this.rows = changed(this.rows, change);
    this.moments.push(this.rows);
    for (const row of this.rows) this.#everThere.set(row.id, row);
  }

  /** Sorted, cut at the cursors, filtered, cut at the limit. */
  #answer({ filter, order, limit, cursors }: Asked): readonly Row[] {
    const { dialect, refusesGone, maxLimit = Infinity, cutAt = Infinity, ignored = [] } = this.script;
    if (limit > maxLimit) throw refused({ name: 'limit', max: maxLimit });
    const sorted = order === 'asc' ? this.rows : this.rows.toReversed();
    const indexOf = (parameter: CursorParameter): number => {
      const index = sorted.findIndex(({ id }) => id === cursors[parameter]);
      if (index === -1 && cursors[parameter] !== undefined && refusesGone === true)
        throw refused({ name: parameter });
      return index;
    };
    const behindCursor = (): readonly Row[] => {
      const cursor = this.#everThere.get(cursors.after ?? '');
      if (cursors.after !== undefined && cursor === undefined) throw refused({ name: 'after' });
      if (cursor === undefined) return sorted;
      return sorted.filter(({ key }) => (order === 'asc' ? key > cursor.key : key < cursor.key));
    };
    const betweenCursors = (): readonly Row[] => {
      const isReversed = dialect === 'reversed';
      const from = indexOf(isReversed ? 'before' : 'after');
      const to = indexOf(isReversed ? 'after' : 'before');
      return sorted.slice(from + 1, to === -1 ? undefined : to);
    };
    const range = this.script.skipsTies === true ? behindCursor() : betweenCursors();
    const arriving = Object.entries(filter).filter(([name]) => !ignored.includes(name));
    const known = Object.fromEntries(arriving);
    return range.filter((row) => matches(row, known)).slice(0, Math.min(limit, cutAt));
  }
}

/** A server, and what the gateway may know of its dialect without being wrong within the last minute. */
export interface Server {
  readonly script: Omit<Script, 'rows'>;
  readonly knowledge: Knowledge;
}

/** @param script what differs from the server's own */
export function serve(rows: readonly Row[], server: Server, script: Partial<Script> = {}): FakeList {
  return new FakeList({ rows, ...server.script, ...script }, server.knowledge);
}

function refused(parameter: { readonly name: string; readonly max?: number }): UpstreamError {
  return new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters: [parameter] });
}

function changed(rows: readonly Row[], change: Change): readonly Row[] {
  if (change.kind === 'stays') return rows;
  if (change.kind === 'comes') {
    const isKnown = rows.some(({ id }) => id === change.row.id);
    return isKnown ? rows : inOrder([...rows, change.row], 'asc');
  }
  const at = rows.length === 0 ? 0 : change.at % rows.length;
  if (change.kind === 'vanishes') return rows.filter((_row, index) => index !== at);
  return rows.map((row, index) => (index === at ? { ...row, color: change.color } : row));
}
