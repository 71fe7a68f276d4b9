import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Position } from '../../lists/position.ts';
import { previousInstant } from '../../lists/time-bounds.ts';
import type { Seek } from '../../lists/windows/window.ts';
import { positionOf } from '../../runs/run.ts';
import type { InternalRunsState } from '../telemetry-events.ts';
import type { CallerRequests } from './caller-requests.ts';
import { INTERNAL_RUNS } from './endpoints.ts';

/**
 * Seeks the run next to an instant by `GET /v1/_internal_runs/`, which no release promises. Its answer is a hint, and the
 * run is looked up; a poor hint costs rows, and loses none.
 *
 * @param note records the state of the route, for operators
 * @returns null if the route has no such run; undefined if the route is missing, fails, or contradicts the look-up
 */
export async function seekRun(
  { instant, side }: Seek,
  requests: CallerRequests,
  note: (state: InternalRunsState) => void,
): Promise<Position | null | undefined> {
  const isFrom = side === 'from';
  // The dates of the route are inclusive. Nothing was created before the first instant of all.
  const date = isFrom ? instant : previousInstant(instant);
  if (date === null) return null;
  const dates = `${isFrom ? 'start_date' : 'end_date'}=${encodeURIComponent(`${date}Z`)}`;
  const { path, ...options } = INTERNAL_RUNS;
  const query = `${dates}&limit=1&order=${isFrom ? 'asc' : 'desc'}`;
  const list = await requests.listRuns(`${path}?${query}`, options).catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    const { code, status } = error;
    if (code === 'UPSTREAM_INVALID_RESPONSE') note('wrong');
    if (code === 'UPSTREAM_REJECTED' || code === 'FORBIDDEN' || status === 501) note('missing');
    return undefined;
  });
  if (list === undefined) return undefined;
  const [hint, ...others] = list.rows;
  if (hint === undefined) return null;
  if (others.length > 0 || hint.createdInstant >= instant !== isFrom) {
    note('wrong');
    return undefined;
  }
  const run = await requests.retrieve('run', hint.id).catch((error: unknown) => {
    if (error instanceof UpstreamError) return null;
    throw error;
  });
  // The run was deleted since, or can't be looked up.
  if (run === null) return undefined;
  const isRight = run.createdInstant === hint.createdInstant;
  note(isRight ? 'available' : 'wrong');
  return isRight ? positionOf(hint) : undefined;
}
