import { VanishedPositionError } from '../lists/errors.ts';
import { comparePositions, type Position } from '../lists/position.ts';
import { positionOf, type RunOrder } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import { durationBound, isEmptyWindow, isInWindow, type RunWindow } from '../runs/run-window.ts';
import type { Run } from '../runs/run.ts';
import { checkDurations } from './listed-durations.ts';
import { sideOf, type TimeSpan } from './time-span.ts';
import { startOfSpan, type WindowStartSources } from './window-start.ts';

export interface ScanQuery {
  readonly filter: RunFilter;
  readonly window: RunWindow;
  readonly order: RunOrder;
  readonly after: Position | null;
  /** The list ends ahead of this position; null for its own end. */
  readonly until: Position | null;
  /** The limit of the next request; 0 or less for no further one. It may begin with very many rows in vain. */
  readonly nextLimit: (isFar: boolean) => number;
}

/** What one request brought. */
export interface ScannedRows {
  /** The runs of the window, in list order. */
  readonly rows: readonly Run[];
  /** The rows that are new, without those past the window; `rows` are some of them. */
  readonly fresh: readonly Run[];
  /** How many rows were read, without those past the window. */
  readonly read: number;
  /** A position that all of `rows`, and everything after them, follow. */
  readonly resumeAfter: Position | null;
  /** Whether no run of the window follows. */
  readonly isLast: boolean;
}

/** Rows before the last one read that can take its place if it has been deleted. */
const RETREATS = 3;

/**
 * Reads the runs of a window in list order, request by request. It starts as near to the window as can
 * be told, and ends where the list has passed it.
 *
 * @throws UpstreamError; VanishedPositionError if the run at `after` is gone; UnsupportedError for bounds
 *   of durations where lists don't show them
 */
export async function* scanList(query: ScanQuery, sources: WindowStartSources): AsyncGenerator<ScannedRows> {
  const { window, order, after, until, nextLimit } = query;
  const span: TimeSpan = { from: window.createdAfter, to: window.createdBefore };
  let limit: number | undefined;
  let guess: { readonly position: Position; readonly rows: Promise<readonly Run[]> } | undefined;
  const onGuess = (position: Position): void => {
    limit = nextLimit(false);
    guess = { position, rows: followAny(query, [position, after], limit, sources) };
    guess.rows.catch(() => undefined);
  };
  const start = isEmptyWindow(window) ? undefined : await startOfSpan({ ...query, span }, sources, onGuess);
  if (start === undefined) {
    yield { rows: [], fresh: [], read: 0, resumeAfter: after, isLast: true };
    return;
  }
  const isPast = (run: Run): boolean =>
    sideOf(run.createdInstant, span, order) === 'past' ||
    (until !== null && !isBehind(order, until, positionOf(run)));
  const bound = durationBound(window);
  const isMatch = (run: Run): boolean => isInWindow(run, window);
  let last = start.position;
  /** @param isEnd whether the list ends with these rows */
  const scanned = async (found: readonly Run[], isEnd: boolean): Promise<ScannedRows> => {
    const past = found.findIndex(isPast);
    const read = past === -1 ? found : found.slice(0, past);
    // Some were read before, if the list had to be read on from further ahead.
    const fresh = read.filter((run) => isBehind(order, positionOf(run), last));
    if (bound !== undefined) await checkDurations(fresh, sources.runs, bound);
    const first = fresh.findIndex(isMatch);
    const before = first === -1 ? fresh.at(-1) : fresh[first - 1];
    const resumeAfter = before === undefined ? last : positionOf(before);
    const end = found.at(-1);
    if (fresh.length > 0 && end !== undefined) last = positionOf(end);
    return {
      rows: fresh.filter(isMatch),
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
    starts = positionsFrom(start.rows);
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
    starts = positionsFrom(found);
  }
}

/** The positions that a list can be read on from. */
function positionsFrom(rows: readonly Run[]): readonly Position[] {
  return rows
    .slice(-1 - RETREATS)
    .map(positionOf)
    .toReversed();
}

/** Returns the rows that follow the first of these positions that is still there. */
async function followAny(
  query: ScanQuery,
  [position = null, ...others]: readonly (Position | null)[],
  limit: number,
  sources: WindowStartSources,
): Promise<readonly Run[]> {
  const { filter, order } = query;
  try {
    return [...(await sources.runs.rowsFollowing({ filter, order, after: position, limit }))];
  } catch (error) {
    if (!(error instanceof VanishedPositionError) || others.length === 0) throw error;
    return followAny(query, others, limit, sources);
  }
}

/** Whether a position comes after another one, or after the start of the list. */
function isBehind(order: RunOrder, position: Position, other: Position | null): boolean {
  const sign = order === 'asc' ? 1 : -1;
  return other === null || sign * comparePositions(position, other) > 0;
}
