import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Position } from '../../lists/position.ts';
import { previousInstant } from '../../lists/time-bounds.ts';
import type { Seek } from '../../lists/windows/window.ts';
import { type Run, positionOf } from '../../runs/run.ts';
import type { InternalRunsState } from '../telemetry-events.ts';

/** The requests of a seek. */
interface SeekRequests {
  /** Sends one query to the internal list; the response is decoded but not checked. */
  readonly listInternal: (query: string) => Promise<readonly Run[]>;
  readonly retrieve: (id: string) => Promise<Run | null>;
  /** Records the state of the route, for operators. */
  readonly note: (state: InternalRunsState) => void;
}

/**
 * Seeks the run next to an instant by `GET /v1/_internal_runs/`, which no release promises. Its answer is a hint, and the
 * run is looked up; a poor hint costs rows, and loses none.
 *
 * @returns null if the route has no such run; undefined if the route is missing, fails, or contradicts the look-up
 */
export async function seekRun(
  { instant, side }: Seek,
  { listInternal, retrieve, note }: SeekRequests,
): Promise<Position | null | undefined> {
  const isFrom = side === 'from';
  // The dates of the route are inclusive. Nothing was created before the first instant of all.
  const date = isFrom ? instant : previousInstant(instant);
  if (date === null) return null;
  const dates = `${isFrom ? 'start_date' : 'end_date'}=${encodeURIComponent(`${date}Z`)}`;
  const query = `${dates}&limit=1&order=${isFrom ? 'asc' : 'desc'}`;
  const rows = await listInternal(query).catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    const { code, status } = error;
    if (code === 'UPSTREAM_INVALID_RESPONSE') note('wrong');
    if (code === 'UPSTREAM_REJECTED' || code === 'FORBIDDEN' || status === 501) note('missing');
    return undefined;
  });
  if (rows === undefined) return undefined;
  const [hint, ...others] = rows;
  if (hint === undefined) return null;
  if (others.length > 0 || hint.createdInstant >= instant !== isFrom) {
    note('wrong');
    return undefined;
  }
  const run = await retrieve(hint.id).catch((error: unknown) => {
    if (error instanceof UpstreamError) return null;
    throw error;
  });
  // The run was deleted since, or can't be looked up.
  if (run === null) return undefined;
  const isRight = run.createdInstant === hint.createdInstant;
  note(isRight ? 'available' : 'wrong');
  return isRight ? positionOf(hint) : undefined;
}
