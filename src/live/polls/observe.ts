import { comparePositions, type Position } from '../../lists/position.ts';
import { readRange } from '../../lists/ranges/read-range.ts';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import { isActive } from '../../runs/run-state.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { nextTurn } from '../../scheduling/next-turn.ts';
import { copyRuns } from '../digests.ts';
import { APPEARS_WITHIN_MS, MAX_RECENT, MAX_ROWS_BEHIND, MAX_WATCHED } from '../limits.ts';
import { compareBounds } from '../snapshots/snapshot.ts';

/** Rows of the first request of a list: the last row shows whether more than `MAX_RECENT` runs may still appear. */
const FIRST_ROWS = MAX_RECENT + 1;

/** Returns the oldest key that a run may have that appears after the run at this position. */
export function oldestKeyToAppear({ key }: Position): string {
  return keyAt(Date.parse(`${key}Z`) - APPEARS_WITHIN_MS);
}

/** Returns the key of a time in milliseconds. */
export function keyAt(time: number): string {
  return new Date(time).toISOString().replace('Z', '000');
}

/** The rows that one poll has read. */
export interface Observation {
  /** All runs after `completeFrom`, and the unfinished runs before it, as far as they were read; oldest first. */
  readonly rows: readonly Run[];
  readonly byId: ReadonlyMap<string, Run>;
  /** The position back to which all runs were read; null for the start of the list. */
  readonly completeFrom: Position | null;
  /** Whether all watched runs were read; otherwise only active runs after `livelyFrom` were read. */
  readonly isFull: boolean;
  /** The position before which an active run is not expected to change at any moment. */
  readonly livelyFrom: Position;
  /** Active runs before this position are not watched, even if they were read; null if all are watched. */
  readonly watchedFrom: Position | null;
}

export interface ObserveOptions extends Pick<Observation, 'isFull' | 'livelyFrom'> {
  readonly runs: RunsSource;
  /** Only the filters whose result is fixed for a run: see `fixedFilters`. */
  readonly filter: RunFilter;
  /** How far back to read: null for the start of the list, undefined for no further than runs may still appear. */
  readonly readTo: Position | null | undefined;
  /** How far back to read active runs: undefined for no further than they are watched. */
  readonly readActiveTo: Position | null | undefined;
  /** Whether one more request may be sent towards a bound, which may come from a forged cursor. */
  readonly mayReadOn: (oldest: Position) => Promise<boolean>;
  /** Counts the memory of a row. @throws GatewayError `OVERLOADED` */
  readonly hold: (bytes: number) => void;
  /** `watchedFrom` of the last poll, which holds until all watched runs are read again. */
  readonly watchedBefore: Position | null;
}

/**
 * Reads the active runs, and the list back to `readTo`, in parallel. Newest first: a cursor must be an
 * existing run, and the oldest run may be deleted.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { runs, isFull, livelyFrom, mayReadOn, hold } = options;

  /** @param isEnough whether so many rows, newest first, are enough where there is no bound to read to */
  const readBack = async (
    extraFilter: RunFilter,
    firstRows: number,
    to: Position | null | undefined,
    isEnough: (count: number, oldest: Position, newest: Position) => boolean,
  ): Promise<{ readonly rows: readonly Run[]; readonly completeFrom: Position | null }> => {
    const filter = { ...options.filter, ...extraFilter };
    const rows: Run[] = [];
    let after: Position | null = null;
    for (let limit = firstRows; ; limit = Math.min(MAX_LIST_ROWS, limit * 4)) {
      const read = await readRange({ filter, order: 'desc', after, limit }, runs);
      // Large pages of hundreds of lists may come at once.
      if (limit > FIRST_ROWS) await nextTurn();
      const page = copyRuns(read, hold);
      rows.push(...page);
      const oldest = page.at(-1);
      if (oldest === undefined || page.length < limit) return { rows, completeFrom: null };
      after = positionOf(oldest);
      if (!isEnough(rows.length, after, positionOf(rows[0] ?? oldest))) continue;
      const isBack = to === undefined || compareBounds(to, after) >= 0 || rows.length >= MAX_ROWS_BEHIND;
      if (isBack || !(await mayReadOn(after))) return { rows, completeFrom: after };
    }
  };

  const firstLimit = isFull ? MAX_WATCHED : FIRST_ROWS;
  const [active, all] = await Promise.all([
    readBack({ active: true }, firstLimit, options.readActiveTo, (count, oldest) => {
      return count >= MAX_WATCHED || (!isFull && comparePositions(oldest, livelyFrom) < 0);
    }),
    readBack({}, FIRST_ROWS, options.readTo, (count, oldest, newest) => {
      // No run that is older than the oldest row can appear any more.
      return count > MAX_RECENT || oldest.key < oldestKeyToAppear(newest);
    }),
  ]);
  // Rows with the same key as the oldest row may not have been read.
  const rows = all.completeFrom === null ? all.rows : all.rows.slice(0, -1);
  const last = active.rows[MAX_WATCHED - 1];
  const watchedFrom = last ? positionOf(last) : isFull ? null : options.watchedBefore;
  return withRows([...active.rows, ...rows], {
    completeFrom: all.completeFrom,
    isFull,
    livelyFrom,
    watchedFrom,
  });
}

/** Whether a run is among the newest active ones, which are watched however old they are. */
export function isWatched(run: Run, watchedFrom: Position | null): boolean {
  return isActive(run) && compareBounds(positionOf(run), watchedFrom) >= 0;
}

/** @param found runs in any order; of a run that occurs twice, the last occurrence counts */
export function withRows(found: readonly Run[], rest: Omit<Observation, 'rows' | 'byId'>): Observation {
  const byId = new Map(found.map((run) => [run.id, run]));
  const rows = [...byId.values()].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  return { ...rest, rows, byId };
}
