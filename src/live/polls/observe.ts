import { comparePositions, type Position } from '../../lists/position.ts';
import { readRange } from '../../lists/ranges/read-range.ts';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { RunFilter } from '../../runs/run-list.ts';
import { stateOf, WAITING_FILTER } from '../../runs/run-state.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { compareBounds } from '../snapshots/snapshot.ts';

/** Milliseconds by which a run may appear later than one that was created after it. */
const LATE_MS = 10_000;
/** The most ended runs that are remembered, since other runs may still appear among them. */
export const MAX_RECENT = 100;
/** The most rows that are read for a reader that has fallen behind. */
export const MAX_ROWS_BEHIND = 5_000;
/** The most active runs that are watched, newest first, and the most runs that wait for approval. */
const MAX_WATCHED = MAX_LIST_ROWS;
/** Rows of the first request of a list: the last row tells whether more runs than are remembered can still appear. */
const FIRST_ROWS = MAX_RECENT + 1;

/** Returns the oldest key that a run may have that appears after the run at this position. */
export function oldestLateKey({ key }: Position): string {
  return keyAt(Date.parse(`${key}Z`) - LATE_MS);
}

/** Returns the key of a time in milliseconds. */
export function keyAt(time: number): string {
  return new Date(time).toISOString().replace('Z', '000');
}

/** The rows that one poll has read. */
export interface Observation {
  /** All runs after `floor`, and the unfinished runs before it, as far as they were read; oldest first. */
  readonly rows: readonly Run[];
  readonly byId: ReadonlyMap<string, Run>;
  /** The position back to which all runs were read; null for the start of the list. */
  readonly floor: Position | null;
  /** Whether all runs that have not ended were read; otherwise only active runs after `fresh` were read. */
  readonly isFull: boolean;
  /** The position before which an active run is not expected to change at any moment. */
  readonly fresh: Position;
  /** Runs before these positions are not watched, even if they were read; null if all are watched. */
  readonly floors: { readonly active: Position | null; readonly waiting: Position | null };
}

export interface ObserveOptions {
  readonly runs: RunsSource;
  /** Only the filters whose result is fixed for a run: see `fixedFilters`. */
  readonly filter: RunFilter;
  /** How far back to read: null for the start of the list, undefined for no further than runs may still appear. */
  readonly floor: Position | null | undefined;
  /** Whether one more request may be sent towards `floor`, which may come from a forged cursor. */
  readonly mayReadOn: (oldest: Position) => Promise<boolean>;
  /** Whether to read all runs that have not ended, or only active runs after `fresh`. */
  readonly isFull: boolean;
  /** The position before which an active run is not expected to change at any moment. */
  readonly fresh: Position;
}

/**
 * Reads the runs that have not ended, and the list back to `floor`, in parallel. Newest first: a cursor must be an
 * existing run, and the oldest run may be deleted.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { runs, isFull, fresh, floor, mayReadOn } = options;

  /** @param isEnough whether what was read is enough, newest first */
  const readBack = async (
    extraFilter: RunFilter,
    firstRows: number,
    isEnough: (rows: readonly Run[], oldest: Position) => boolean | Promise<boolean>,
  ): Promise<{ readonly rows: readonly Run[]; readonly floor: Position | null }> => {
    const filter = { ...options.filter, ...extraFilter };
    const rows: Run[] = [];
    let limit = firstRows;
    for (let after: Position | null = null; ; limit = Math.min(MAX_LIST_ROWS, limit * 4)) {
      const page = await readRange({ filter, order: 'desc', after, limit }, runs);
      rows.push(...page);
      const oldest = page.at(-1);
      if (oldest === undefined || page.length < limit) return { rows, floor: null };
      after = positionOf(oldest);
      if (await isEnough(rows, after)) return { rows, floor: after };
    }
  };

  const [waiting, active, newest] = await Promise.all([
    isFull ? readBack(WAITING_FILTER, MAX_WATCHED, () => true) : { rows: [], floor: null },
    readBack({ active: true }, isFull ? MAX_WATCHED : FIRST_ROWS, ({ length }, oldest) => {
      return length >= MAX_WATCHED || (!isFull && comparePositions(oldest, fresh) < 0);
    }),
    readBack({}, FIRST_ROWS, async (rows, oldest) => {
      if (rows[0] === undefined || rows.length >= MAX_ROWS_BEHIND) return true;
      // No run that is older than the oldest row can appear any more.
      const isOld = rows.length > MAX_RECENT || oldest.key < oldestLateKey(positionOf(rows[0]));
      const isDeep = floor === undefined || compareBounds(floor, oldest) >= 0;
      return isOld && (isDeep || !(await mayReadOn(oldest)));
    }),
  ]);
  // Rows with the same key as the oldest row may not have been read.
  const rows = newest.floor === null ? newest.rows : newest.rows.slice(0, -1);
  const isCut = isFull || active.rows.length >= MAX_WATCHED;
  return withRows([...waiting.rows, ...active.rows, ...rows], {
    floor: newest.floor,
    isFull,
    fresh,
    floors: { active: isCut ? active.floor : null, waiting: waiting.floor },
  });
}

/** Whether a run is among the newest that have not ended, which are watched however old they are. */
export function isWatched(run: Run, { floors }: Pick<Observation, 'floors'>): boolean {
  const state = stateOf(run);
  return state !== 'stopped' && compareBounds(positionOf(run), floors[state]) >= 0;
}

/** @param found runs in any order; of a run that occurs twice, the last occurrence counts */
export function withRows(found: readonly Run[], rest: Omit<Observation, 'rows' | 'byId'>): Observation {
  const byId = new Map(found.map((run) => [run.id, run]));
  const rows = [...byId.values()].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  return { ...rest, rows, byId };
}
