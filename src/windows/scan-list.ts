import { setImmediate as nextTurn } from 'node:timers/promises';
import { VanishedPositionError } from '../lists/errors.ts';
import { comparePositions, type Order, type Position, signOf } from '../lists/position.ts';
import { sideOf } from './time-span.ts';
import { startOfSpan } from './window-start.ts';
import type { Window, WindowSources } from './window.ts';

export interface ScanQuery<Row, Filter> {
  readonly filter: Filter;
  readonly window: Window<Row>;
  readonly order: Order;
  readonly after: Position | null;
  /** The list ends ahead of this position; null for its own end. */
  readonly until: Position | null;
  /** The limit of the next request; 0 or less for no further one. It may begin with very many rows in vain. */
  readonly nextLimit: (isFar: boolean) => number;
}

/** What one request brought. */
export interface ScannedRows<Row> {
  /** The rows of the window, in list order. */
  readonly rows: readonly Row[];
  /** The rows that are new, without those past the window; `rows` are some of them. */
  readonly fresh: readonly Row[];
  /** How many rows were read, without those past the window. */
  readonly read: number;
  /** A position that all of `rows`, and everything after them, follow. */
  readonly resumeAfter: Position | null;
  /** Whether no row of the window follows. */
  readonly isLast: boolean;
}

/**
 * Matching may parse the metadata of a thousand rows, and one answer of the API can be what many lists wait
 * for: each gets a turn of the event loop of its own, so that others get theirs in between. It holds
 * nothing of any of them.
 */
const ownTurn = (): Promise<void> => (turns = turns.then(() => nextTurn()));
let turns: Promise<void> = Promise.resolve();

/** Rows before the last one read that can take its place if it has been deleted. */
const RETREATS = 3;

/**
 * Reads the rows of a window in list order, request by request. It starts as near to the window as can
 * be told, and ends where the list has passed it.
 *
 * @throws UpstreamError; VanishedPositionError if the row at `after` is gone; UnsupportedError for bounds
 *   of durations where lists don't show them
 */
export async function* scanList<Row, Filter>(
  query: ScanQuery<Row, Filter>,
  sources: WindowSources<Row, Filter>,
): AsyncGenerator<ScannedRows<Row>> {
  const { window, order, after, until, nextLimit } = query;
  const { span } = window;
  const { positionOf } = sources.list;
  let limit: number | undefined;
  let guess: { readonly position: Position; readonly rows: Promise<readonly Row[]> } | undefined;
  const onGuess = (position: Position): void => {
    limit = nextLimit(false);
    guess = { position, rows: followAny(query, [position, after], limit, sources) };
    guess.rows.catch(() => undefined);
  };
  const start = window.isEmpty ? undefined : await startOfSpan({ ...query, span }, sources, onGuess);
  if (start === undefined) {
    yield { rows: [], fresh: [], read: 0, resumeAfter: after, isLast: true };
    return;
  }
  const isPast = (row: Row): boolean => {
    const position = positionOf(row);
    return (
      sideOf(position.key, span, order) === 'past' || (until !== null && !isBehind(order, until, position))
    );
  };
  let last = start.position;
  /** @param isEnd whether the list ends with these rows */
  const scanned = async (found: readonly Row[], isEnd: boolean): Promise<ScannedRows<Row>> => {
    const past = found.findIndex(isPast);
    const read = past === -1 ? found : found.slice(0, past);
    // Some were read before, if the list had to be read on from further ahead.
    const fresh = read.filter((row) => isBehind(order, positionOf(row), last));
    await window.check?.(fresh);
    if (window.isSparse) await ownTurn();
    // Once for each row: metadata that stay text are parsed for it.
    const rows = fresh.filter(window.matches);
    const before = rows[0] === undefined ? fresh.at(-1) : fresh[fresh.indexOf(rows[0]) - 1];
    const resumeAfter = before === undefined ? last : positionOf(before);
    const end = found.at(-1);
    if (fresh.length > 0 && end !== undefined) last = positionOf(end);
    return {
      rows,
      fresh,
      read: read.length,
      resumeAfter,
      isLast: past !== -1 || isEnd,
    };
  };
  let starts: readonly (Position | null)[] = start.position === after ? [after] : [start.position, after];
  if (start.rows.length > 0) {
    const { isLast, ...rows } = await scanned(start.rows, start.isAll);
    // They were counted when they were read.
    yield { ...rows, read: 0, isLast };
    if (isLast) return;
    starts = positionsFrom(start.rows, sources);
  }
  for (limit ??= nextLimit(start.isFar); limit > 0; limit = nextLimit(false)) {
    const guessed = guess?.position === start.position ? guess?.rows : undefined;
    // Each request starts where the one before it ended.
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const found = await (guessed ?? followAny(query, starts, limit, sources));
    guess = undefined;
    // oxlint-disable-next-line no-await-in-loop -- See above.
    const batch = await scanned(found, found.length < limit);
    yield batch;
    if (batch.isLast) return;
    starts = positionsFrom(found, sources);
  }
}

/** The positions that a list can be read on from. */
function positionsFrom<Row>(rows: readonly Row[], { list }: WindowSources<Row, never>): readonly Position[] {
  return rows
    .slice(-1 - RETREATS)
    .map(list.positionOf)
    .toReversed();
}

/** Returns the rows that follow the first of these positions that is still there. */
async function followAny<Row, Filter>(
  query: ScanQuery<Row, Filter>,
  [position = null, ...others]: readonly (Position | null)[],
  limit: number,
  sources: WindowSources<Row, Filter>,
): Promise<readonly Row[]> {
  const { filter, order } = query;
  try {
    return [...(await sources.source.rowsFollowing({ filter, order, after: position, limit }))];
  } catch (error) {
    if (!(error instanceof VanishedPositionError) || others.length === 0) throw error;
    return followAny(query, others, limit, sources);
  }
}

/** Whether a position comes after another one, or after the start of the list. */
function isBehind(order: Order, position: Position, other: Position | null): boolean {
  return other === null || signOf(order) * comparePositions(position, other) > 0;
}
