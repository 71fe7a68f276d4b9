import { UpstreamError } from '../errors/upstream-error.ts';
import { CANCEL_FAILURES, type CancelFailureCode } from '../runs/cancel-failures.ts';
import { IDS } from '../runs/ids.ts';
import { mayBeCancelled } from '../runs/run-state.ts';
import { type Run } from '../runs/run.ts';
import type { RunsSource } from '../runs/runs-source.ts';

/** The state of a run after an attempt to cancel it. */
export interface CancelOutcome {
  readonly runId: string;
  /** The run as last read; null if there is none, or if it could not be read. */
  readonly run: Run | null;
  /** Why the run is not known to have been cancelled; undefined if it was. */
  readonly failure?: { readonly code: CancelFailureCode; readonly message: string };
}

type Report = (failure: UpstreamError) => void;
/** A run, null if there is none, or the error if it could not be read. */
type Found = Run | null | UpstreamError;

const NOT_SENT = 'Nothing was sent to cancel the run.';
const NOT_ENDED = 'The run had not ended when it was read again.';
const MAY_FOLLOW = 'The run had not ended when it was read again, but may still be cancelled.';

/**
 * Cancels runs, by one request for each agent. The answer of the upstream proves nothing: it says "cancelled" of runs that
 * had ended, and "failed" of some that it did cancel. So runs are read before and after; ended runs are left alone.
 *
 * @param report receives failures of the upstream, for the log
 * @returns an outcome for each distinct id, in order. Rejects if the client has disconnected
 */
export async function cancelRuns(
  ids: readonly string[],
  source: RunsSource,
  report: Report,
): Promise<readonly CancelOutcome[]> {
  const distinct = [...new Set(ids)];
  const before = await Promise.all(distinct.map((id) => find(id, source, report)));
  const agents = Map.groupBy(before.filter(isCancellable), ({ agentId }) => agentId);
  const sent = [...agents].map(([agentId, runs]) => cancelRunsOfAgent(agentId, runs, source, report));
  const outcomes = new Map((await Promise.all(sent)).flat().map((outcome) => [outcome.runId, outcome]));
  return distinct.map((id, index) => outcomes.get(id) ?? outcomeBefore(id, before[index] ?? null));
}

/** Cancels runs of one agent that had not ended, and reads them again unless nothing was sent. */
async function cancelRunsOfAgent(
  agentId: string,
  runs: readonly Run[],
  source: RunsSource,
  report: Report,
): Promise<readonly CancelOutcome[]> {
  const ids = runs.map(({ id }) => id);
  const { wasSent, error } = await source.cancel(agentId, ids);
  if (error !== undefined) report(error);
  return Promise.all(
    runs.map(async (run) => {
      if (!wasSent && error !== undefined) return failed(run.id, error.code, NOT_SENT, run);
      return outcomeAfter(run.id, await find(run.id, source, report), error);
    }),
  );
}

/** Reads a run. A text that isn't the id of a run takes no request. */
async function find(id: string, source: RunsSource, report: Report): Promise<Found> {
  if (!IDS.run.pattern.test(id)) return null;
  return source.retrieve('run', id).catch((error: unknown) => {
    if (!(error instanceof UpstreamError)) throw error;
    report(error);
    return error;
  });
}

function isCancellable(found: Found): found is Run {
  return found !== null && !(found instanceof UpstreamError) && mayBeCancelled(found);
}

/** The outcome of a run for which no request is sent. */
function outcomeBefore(id: string, found: Found): CancelOutcome {
  if (found instanceof UpstreamError) return failed(id, found.code, NOT_SENT);
  return found === null ? failed(id, 'NOT_FOUND') : failed(id, 'ALREADY_ENDED', '', found);
}

/** The outcome of a run that was read again after a request to cancel it. @param error of that request */
function outcomeAfter(id: string, found: Found, error: UpstreamError | undefined): CancelOutcome {
  if (found instanceof UpstreamError) return failed(id, 'OUTCOME_UNKNOWN');
  if (found?.status === 'cancelled') return { runId: id, run: found };
  if (found === null || !mayBeCancelled(found)) return outcomeBefore(id, found);
  if (error === undefined) return failed(id, 'NOT_CANCELLED', NOT_ENDED, found);
  const isRefused = error.status !== undefined && error.status >= 400 && error.status < 500;
  return failed(id, error.code, isRefused ? NOT_ENDED : MAY_FOLLOW, found);
}

function failed(id: string, code: CancelFailureCode, more = '', run: Run | null = null): CancelOutcome {
  const message = `${CANCEL_FAILURES[code].description} ${more}`.trimEnd();
  return { runId: id, run, failure: { code, message } };
}
