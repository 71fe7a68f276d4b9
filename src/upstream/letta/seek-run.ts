import { UpstreamError } from '../../errors/upstream-error.ts';
import { previousInstant } from '../../lists/instant.ts';
import { positionOf } from '../../runs/position.ts';
import type { Run } from '../../runs/run.ts';
import type { Seek, SoughtRow } from '../../windows/window.ts';
import type { CallerKey } from '../credentials.ts';
import type { InternalRunsMemory, InternalRunsState } from './internal-runs.ts';
import type { SeekParameters } from './runs-url.ts';

/** What a seek asks. */
export interface SoughtUpstream {
  /** Sends one request to the internal list; the response is decoded but not checked. */
  readonly listInternal: (parameters: SeekParameters) => Promise<{ readonly rows: readonly Run[] }>;
  readonly retrieve: (id: string) => Promise<Run | null>;
}

/**
 * Seeks the run next to an instant by `GET /v1/_internal_runs/`, which no release promises to have. So
 * its answer is a hint: the run has to be on the side of the instant that was asked for, and it is looked
 * up, since it must have been created where the route says. That makes it a position from which no run on
 * the other side can be missed. If the route keeps a nearer run to itself, more rows are read, and none is lost.
 *
 * @returns null if the route knows of none; undefined if it doesn't exist, fails, or doesn't say the truth
 */
export async function seekRun(
  query: Seek,
  { listInternal, retrieve }: SoughtUpstream,
  memory: InternalRunsMemory,
  callerKey: CallerKey,
): Promise<SoughtRow | null | undefined> {
  const parameters = parametersOf(query);
  if (parameters === null) return null;
  if (memory.isUseless(callerKey)) return undefined;
  /** Remembers what a failure says about the route. */
  const unless = async <Value>(answer: () => Promise<Value>): Promise<Value | undefined> => {
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      const state = stateShownBy(error);
      if (state !== undefined) memory.record(callerKey, state);
      return undefined;
    }
  };
  const isThere = async (hint: Run): Promise<boolean> => {
    const run = await unless(() => retrieve(hint.id));
    // Deleted since, of a kind that can't be looked up, or not told.
    if (run == null) return false;
    const isRight = run.createdInstant === hint.createdInstant;
    memory.record(callerKey, isRight ? 'available' : 'wrong');
    return isRight;
  };
  const rows = (await unless(() => listInternal(parameters)))?.rows;
  if (rows === undefined) return undefined;
  const [hint] = rows;
  if (hint === undefined) return null;
  if (rows.length === 1 && isOnSide(hint, query)) {
    return { position: positionOf(hint), isThere: isThere(hint) };
  }
  memory.record(callerKey, 'wrong');
  return undefined;
}

/** The dates of the route are inclusive. Null if nothing can have been created before the instant. */
function parametersOf({ instant, side }: Seek): SeekParameters | null {
  if (side === 'from') return { dates: { start_date: `${instant}Z` }, order: 'asc', limit: 1 };
  const previous = previousInstant(instant);
  return previous === null ? null : { dates: { end_date: `${previous}Z` }, order: 'desc', limit: 1 };
}

function isOnSide({ createdInstant }: Run, { instant, side }: Seek): boolean {
  return side === 'from' ? createdInstant >= instant : createdInstant < instant;
}

/** Undefined for failures that say nothing about the route. */
function stateShownBy({ code, status }: UpstreamError): InternalRunsState | undefined {
  if (code === 'UPSTREAM_INVALID_RESPONSE') return 'wrong';
  const isRefused = code === 'UPSTREAM_REJECTED' || code === 'FORBIDDEN' || status === 501;
  return isRefused ? 'missing' : undefined;
}
