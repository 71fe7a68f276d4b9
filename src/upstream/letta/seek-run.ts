import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Position } from '../../lists/position.ts';
import { previousInstant } from '../../lists/time-bounds.ts';
import type { Seek } from '../../lists/windows/window.ts';
import { positionOf } from '../../runs/run.ts';
import type { CallerRequests } from './caller-requests.ts';
import { INTERNAL_RUNS } from './endpoints.ts';

/**
 * Seeks the run next to an instant by `GET /v1/_internal_runs/`, which no release promises. Its response is a hint, and the
 * run is looked up; a poor hint costs rows, and loses none.
 *
 * @returns null if the route has no such run; undefined if the route is missing, fails, or contradicts the look-up
 */
export async function seekRun(
  { instant, side }: Seek,
  requests: CallerRequests,
): Promise<Position | null | undefined> {
  const isFrom = side === 'from';
  // The dates of the route are inclusive. Nothing was created before the first instant of all.
  const date = isFrom ? instant : previousInstant(instant);
  if (date === null) return null;
  const dates = `${isFrom ? 'start_date' : 'end_date'}=${encodeURIComponent(`${date}Z`)}`;
  const query = `${dates}&limit=1&order=${isFrom ? 'asc' : 'desc'}`;
  const path = `${INTERNAL_RUNS.path}?${query}`;
  const list = await requests.listRuns({ ...INTERNAL_RUNS, path }).catch((error: unknown) => {
    if (error instanceof UpstreamError) return undefined;
    throw error;
  });
  if (list === undefined) return undefined;
  const [hint, ...others] = list.rows;
  if (hint === undefined) return null;
  if (others.length > 0 || hint.createdInstant >= instant !== isFrom) return undefined;
  const run = await requests.retrieve('run', hint.id).catch((error: unknown) => {
    if (error instanceof UpstreamError) return null;
    throw error;
  });
  // Otherwise the hinted run was deleted, can't be looked up, or was created at another time.
  return run?.createdInstant === hint.createdInstant ? positionOf(hint) : undefined;
}
