import { comparePositions, type Position } from '../pagination/position.ts';
import { MAX_LIST_ROWS } from '../runs/limits.ts';
import { positionOf } from '../runs/position.ts';
import type { RunFilter } from '../runs/run-filters.ts';
import type { Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/source.ts';
import { MAX_RECENT, oldestLate } from './recent.ts';

/** What one poll has found. */
export interface Observation {
  /** All runs after `floor`, and the active ones before it; oldest first. */
  readonly rows: readonly Run[];
  readonly byId: ReadonlyMap<string, Run>;
  /** Null if all runs were read. */
  readonly floor: Position | null;
  /** Active runs before this position are not watched, even if they were read; null if all are. */
  readonly activeFloor: Position | null;
}

/** Active runs that are watched, newest first. */
const MAX_ACTIVE = MAX_LIST_ROWS;
/** Rows of the first request for new runs, beyond those that are known. */
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
  /** The number of runs that are expected after the floor. */
  readonly expected: number;
  /** The maximum number of rows to read for new runs. */
  readonly maxRows: number;
}

/**
 * Reads the active runs, and the list from its newest run back to a position. Newest first, because a
 * cursor has to be a run that is still there, and the oldest one that matters may be gone. What was read
 * last counts: the list of new runs.
 *
 * @throws UpstreamError, VanishedPositionError
 */
export async function observe(options: ObserveOptions): Promise<Observation> {
  const { runs, filter } = options;
  const active = await runs.rowsFollowing({
    filter: { ...filter, active: true },
    order: 'desc',
    after: null,
    limit: MAX_ACTIVE,
  });
  const newest = await readBack(options);
  const oldest = active.length < MAX_ACTIVE ? undefined : active.at(-1);
  const activeFloor = oldest === undefined ? null : positionOf(oldest);
  return withRows([...active, ...newest.rows], { floor: newest.floor, activeFloor });
}

/** Whether no run can appear any more that is older than the oldest of these, newest first. */
function isOld({ createdInstant }: Run, rows: readonly Run[]): boolean {
  const [newest] = rows;
  return rows.length > MAX_RECENT || (newest !== undefined && createdInstant < oldestLate(newest));
}

/** Adds active runs that were found in another way. */
export function withActive(observation: Observation, found: readonly Run[]): Observation {
  return found.length === 0 ? observation : withRows([...observation.rows, ...found], observation);
}

/** @param found of runs that are there twice, the last one counts */
function withRows(
  found: readonly Run[],
  { floor, activeFloor }: Pick<Observation, 'floor' | 'activeFloor'>,
): Observation {
  const byId = new Map(found.map((run) => [run.id, run]));
  const rows = [...byId.values()].toSorted((a, b) => comparePositions(positionOf(a), positionOf(b)));
  return { rows, byId, floor, activeFloor };
}

async function readBack({
  runs,
  filter,
  floor,
  expected,
  maxRows,
}: ObserveOptions): Promise<{ rows: readonly Run[]; floor: Position | null }> {
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
    const isDeep = floor === undefined || (floor !== null && comparePositions(position, floor) <= 0);
    if (rows.length >= maxRows || (isDeep && isOld(oldest, rows))) {
      return { rows: rows.slice(0, -1), floor: position };
    }
    limit = Math.min(MAX_LIST_ROWS, limit * 4);
  }
}
