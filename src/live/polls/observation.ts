import { comparePositions, type Position } from '../../lists/position.ts';
import { MAX_LIST_ROWS } from '../../runs/limits.ts';
import type { RunFilter } from '../../runs/run-filters.ts';
import type { RunsSource } from '../../runs/source.ts';
import { compareBounds } from '../snapshots/snapshot.ts';
import { positionOf, type Run, stateOf, WAITING_FILTER } from '../watched-run.ts';
import { MAX_ROWS_BEHIND } from './look-ups.ts';

/** Seconds by which a run may appear later than one that was created after it. */
const LATE_SECONDS = 10;
/** Runs that are remembered at most, besides the active ones. */
export const MAX_RECENT = 256;

/** Returns the key before which no more runs appear once one with a position has. */
export function oldestLate({ key }: Position): string {
  const whole = Date.parse(`${key.slice(0, 19)}Z`) - LATE_SECONDS * 1000;
  return new Date(whole).toISOString().slice(0, 19) + key.slice(19);
}

/** What one poll has found. */
export interface Observation {
  /** All runs after `floor`, and before it those that have not ended, as far as they were read; oldest first. */
  readonly rows: readonly Run[];
  readonly byId: ReadonlyMap<string, Run>;
  /** Null if all runs were read. */
  readonly floor: Position | null;
  /** Whether all runs that are watched were read. If not: the active ones, all of them or those after `fresh`. */
  readonly isFull: boolean;
  readonly hasAllActive: boolean;
  readonly fresh: Position;
  /** Runs before these positions are not watched, even if they were read; null if all of them are. */
  readonly floors: { readonly active: Position | null; readonly waiting: Position | null };
}

/** Active runs that are watched, newest first, and as many that wait for approval. */
const MAX_WATCHED = MAX_LIST_ROWS;
/** Rows of the first request of a list, beyond those that are known. */
const EXTRA_ROWS = 20;

export interface ObserveOptions {
  readonly runs: RunsSource;
  /** Without filters of what may change. */
  readonly filter: RunFilter;
  /**
   * How far back to read at least: null for the start of the list, undefined for no further than runs
   * may still appear, which is always read. The floor may be forged, and readers without one share what is read.
   */
  readonly floor: Position | null | undefined;
  /** The numbers of runs that are expected after the floor, and of active ones after `fresh`. */
  readonly expected: { readonly recent: number; readonly active: number };
  /**
   * Whether to read back beyond a row for the floor alone, which takes a request.
   *
   * @param oldest the oldest row that was read
   */
  readonly mayReadOn: (oldest: Position) => Promise<boolean>;
  readonly isFull: boolean;
  readonly fresh: Position;
}

/**
 * Reads the runs that have not ended, and the list from its newest run back to a position, at once: what
 * changes meanwhile is found by the next poll. Newest first, because a cursor has to be a run that is still
 * there, and the oldest one that matters may be gone.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { runs, filter, isFull, fresh, expected } = options;
  const read = (more: RunFilter, limit: number, isRead: IsEnough) =>
    readBack(runs, { ...filter, ...more }, limit, isRead);
  const [waiting, active, newest] = await Promise.all([
    isFull ? read(WAITING_FILTER, MAX_WATCHED, () => true) : NOTHING,
    read({ active: true }, isFull ? MAX_WATCHED : expected.active, ({ length }, oldest) => {
      return isFull || length >= MAX_WATCHED || comparePositions(oldest, fresh) < 0;
    }),
    read({}, expected.recent, (rows, oldest) => isEnough(rows, oldest, options)),
  ]);
  // The oldest row may have a neighbour that wasn't read.
  const rows = newest.floor === null ? newest.rows : newest.rows.slice(0, -1);
  const isCut = isFull || active.rows.length >= MAX_WATCHED;
  return withRows([...waiting.rows, ...active.rows, ...rows], {
    floor: newest.floor,
    isFull,
    hasAllActive: isFull || active.floor === null,
    fresh,
    floors: { active: isCut ? active.floor : null, waiting: waiting.floor },
  });
}

/** Whether a run is watched wherever it is: it has not ended, and is one of the newest of those. */
export function isWatched(run: Run, { floors }: Pick<Observation, 'floors'>): boolean {
  const state = stateOf(run);
  if (state === 'stopped') return false;
  return compareBounds(positionOf(run), floors[state]) >= 0;
}

/** Adds runs that were found in another way. */
export function withFound(observation: Observation, found: readonly Run[]): Observation {
  return found.length === 0 ? observation : withRows([...observation.rows, ...found], observation);
}

/** @param found of runs that are there twice, the last one counts */
function withRows(found: readonly Run[], rest: Omit<Observation, 'rows' | 'byId'>): Observation {
  const byId = new Map(found.map((run) => [run.id, run]));
  const rows = [...byId.values()].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  return { ...rest, rows, byId };
}

/** Whether what was read, newest first, is enough. */
type IsEnough = (rows: readonly Run[], oldest: Position) => boolean | Promise<boolean>;

interface ReadRows {
  readonly rows: readonly Run[];
  /** The oldest row; null if there are no older ones. */
  readonly floor: Position | null;
}

const NOTHING: ReadRows = { rows: [], floor: null };

async function readBack(
  runs: RunsSource,
  filter: RunFilter,
  expected: number,
  isRead: IsEnough,
): Promise<ReadRows> {
  const rows: Run[] = [];
  let limit = Math.min(MAX_LIST_ROWS, expected + EXTRA_ROWS);
  for (;;) {
    const last = rows.at(-1);
    const after = last === undefined ? null : positionOf(last);
    const page = await runs.rowsFollowing({ filter, order: 'desc', after, limit });
    rows.push(...page);
    const oldest = page.at(-1);
    if (oldest === undefined || page.length < limit) return { rows, floor: null };
    const position = positionOf(oldest);
    if (await isRead(rows, position)) return { rows, floor: position };
    limit = Math.min(MAX_LIST_ROWS, limit * 4);
  }
}

async function isEnough(
  rows: readonly Run[],
  oldest: Position,
  { floor, mayReadOn }: Pick<ObserveOptions, 'floor' | 'mayReadOn'>,
): Promise<boolean> {
  const [newest] = rows;
  if (newest === undefined || rows.length >= MAX_ROWS_BEHIND) return true;
  // No run can appear any more that is older than the oldest of these.
  const isOld = rows.length > MAX_RECENT || oldest.key < oldestLate(positionOf(newest));
  if (!isOld) return false;
  const isDeep = floor === undefined || compareBounds(floor, oldest) >= 0;
  return isDeep || !(await mayReadOn(oldest));
}
