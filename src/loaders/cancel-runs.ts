import type { UpstreamError } from '../errors/upstream-error.ts';
import { ASKING_AGAIN, hasPaused } from '../runs/approvals.ts';
import { CANCEL_FAILURES, type CancelFailureCode } from '../runs/change-failures.ts';
import { hasEnded } from '../runs/run-state.ts';
import type { Run } from '../runs/run.ts';
import { type ChangeSources, type Found, isFailure, readOr, readRun } from './read-run.ts';

/** The state of a run after an attempt to cancel it. */
export interface CancelOutcome {
  readonly runId: string;
  /** The run as last read; null if there is none, or if it could not be read. */
  readonly run: Run | null;
  /** Why the run is not known to have been cancelled; undefined if it was. */
  readonly code?: CancelFailureCode;
  readonly message?: string;
  /** The run whose pending request for an approval cancelling would deny. */
  readonly otherRunId?: string | null;
}

export type Cancelled = Awaited<ReturnType<typeof cancelRuns>>;

const NOT_SENT = 'Nothing was sent to cancel the run.';
const NOT_ENDED = 'The run had not ended when it was read again.';
const MAY_FOLLOW = 'The run had not ended when it was read again, but may still be cancelled.';

/**
 * Cancels runs, by one request for each agent. The API denies what the agent's default conversation waits for,
 * whichever run is cancelled, so that is read first. The API's answer proves nothing: it says "cancelled" of runs that
 * had ended, and "failed" of some that it did cancel. So runs are read before and after.
 *
 * @param mayDeny the ids of runs whose requests may be denied
 * @returns the outcomes, once each in the order of the ids, and the runs whose requests were denied, as they are
 *   afterwards; rejects if the client has disconnected before anything was sent
 */
export async function cancelRuns(ids: readonly string[], mayDeny: readonly string[], sources: ChangeSources) {
  const { source, approvals, report } = sources;
  const { agents, outcomesOf } = await planCancels(ids, mayDeny, sources);
  const cancelled = await Promise.all(
    agents.map(async ({ agentId, refused, sendable, waiting }) => {
      if (sendable.length === 0) return { outcomes: refused, denied: null };
      const sent = await cancelRunsOfAgent(agentId, sendable, sources);
      const place = { agentId, conversationId: null };
      const wasDenied = waiting && (await readOr(approvals.wasDenied(place, waiting), report));
      const deniedId = wasDenied === true ? waiting.runId : null;
      const denied = deniedId === null ? null : await readOr(source.retrieve('run', deniedId), report);
      return { outcomes: [...refused, ...sent], denied };
    }),
  );
  return {
    outcomes: outcomesOf(cancelled.flatMap((each) => each.outcomes)),
    denied: cancelled.map((each) => each.denied).filter((run): run is Run => run !== null && !isFailure(run)),
  };
}

/** The expected outcome for a run, and the run whose request for an approval cancelling it would deny. */
export type CancelPreview = CancelOutcome & { readonly deniedId?: string | null };

/**
 * Reads what `cancelRuns` would do with these ids, once each in their order, and changes nothing. A run without a
 * `code` would be sent.
 */
export async function previewCancel(
  ids: readonly string[],
  sources: ChangeSources,
): Promise<readonly CancelPreview[]> {
  const { agents, outcomesOf } = await planCancels(ids, [], sources);
  return outcomesOf(
    agents.flatMap(({ refused, sendable, waiting }): readonly CancelPreview[] => [
      ...refused,
      ...sendable.map((run) => ({ runId: run.id, run, deniedId: waiting?.runId ?? null })),
    ]),
  );
}

/** Reads runs, and for each of their agents what cancelling them would do. */
async function planCancels(ids: readonly string[], mayDeny: readonly string[], sources: ChangeSources) {
  const { source, report } = sources;
  const distinct = [...new Set(ids)];
  const found = await Promise.all(distinct.map((id) => readRun(id, source, report)));
  const before = new Map(distinct.map((id, index) => [id, found[index] ?? null]));
  const agents = Map.groupBy(found.filter(mayBeCancelled), ({ agentId }) => agentId);
  const allowed = new Set<string | null>([...ids, ...mayDeny]);
  const plans = [...agents].map(async ([agentId, runs]) => {
    return { agentId, ...(await planCancelling(agentId, runs, allowed, sources)) };
  });
  return {
    agents: await Promise.all(plans),
    /** Returns the outcomes in the order of the ids, with those of runs for which nothing is sent. */
    outcomesOf: <Outcome extends CancelOutcome>(
      known: readonly Outcome[],
    ): readonly (Outcome | CancelOutcome)[] => {
      const outcomes = new Map(known.map((each) => [each.runId, each]));
      return distinct.map((id) => outcomes.get(id) ?? outcomeBefore(id, before.get(id) ?? null));
    },
  };
}

/** Reads what cancelling runs of an agent would do: which runs may be sent, and which request would be denied. */
async function planCancelling(
  agentId: string,
  runs: readonly Run[],
  allowed: ReadonlySet<string | null>,
  { approvals, report }: ChangeSources,
) {
  const agent = await readOr(approvals.ofAgent(agentId), report);
  const read = await readOr(approvals.waitingIn({ agentId, conversationId: null }), report);
  const failure = [agent, read].find(isFailure);
  // The API denies nothing for agents of old types.
  const isDenied = !isFailure(agent) && !ASKING_AGAIN.has(agent.agentType);
  const waiting = isDenied && !isFailure(read) ? read : null;
  const refusalOf = async (run: Run): Promise<CancelOutcome | undefined> => {
    if (failure !== undefined) return failed(run.id, failure.code, NOT_SENT, run);
    if (run.id === waiting?.runId) return undefined;
    if (hasPaused(run)) {
      const own = await readOr(approvals.waitingIn(run), report);
      if (isFailure(own)) return failed(run.id, own.code, NOT_SENT, run);
      return failed(run.id, own?.runId === run.id ? 'ANSWER_INSTEAD' : 'ALREADY_ENDED', '', run);
    }
    if (waiting === null || allowed.has(waiting.runId)) return undefined;
    return failed(run.id, 'WOULD_DENY_APPROVAL', '', run, waiting.runId);
  };
  const refusals = await Promise.all(runs.map(refusalOf));
  return {
    refused: refusals.filter((refusal) => refusal !== undefined),
    sendable: runs.filter((_run, index) => refusals[index] === undefined),
    waiting,
  };
}

/** Cancels runs of one agent, and reads them again unless nothing was sent. */
async function cancelRunsOfAgent(
  agentId: string,
  runs: readonly Run[],
  { source, report }: ChangeSources,
): Promise<readonly CancelOutcome[]> {
  const ids = runs.map(({ id }) => id);
  const { wasSent, error } = await source.cancel(agentId, ids);
  if (error !== undefined) report(error);
  return Promise.all(
    runs.map(async (run) => {
      if (!wasSent && error !== undefined) return failed(run.id, error.code, NOT_SENT, run);
      return outcomeAfter(run.id, await readRun(run.id, source, report), error);
    }),
  );
}

/** Whether the API may cancel a run: it has not ended, or it has paused. */
function mayBeCancelled(found: Found): found is Run {
  return found !== null && !isFailure(found) && (!hasEnded(found) || hasPaused(found));
}

/** The outcome of a run for which no request is sent. */
function outcomeBefore(id: string, found: Found): CancelOutcome {
  if (isFailure(found)) return failed(id, found.code, NOT_SENT);
  return found === null ? failed(id, 'NOT_FOUND') : failed(id, 'ALREADY_ENDED', '', found);
}

/** The outcome of a run that was read again after a request to cancel it. @param error of that request */
function outcomeAfter(id: string, found: Found, error: UpstreamError | undefined): CancelOutcome {
  if (isFailure(found)) return failed(id, 'OUTCOME_UNKNOWN');
  if (found?.status === 'cancelled') return { runId: id, run: found };
  if (!mayBeCancelled(found)) return outcomeBefore(id, found);
  if (error === undefined) return failed(id, 'NOT_CANCELLED', NOT_ENDED, found);
  const isRefused = error.status !== undefined && error.status >= 400 && error.status < 500;
  return failed(id, error.code, isRefused ? NOT_ENDED : MAY_FOLLOW, found);
}

function failed(
  runId: string,
  code: CancelFailureCode,
  more = '',
  run: Run | null = null,
  otherRunId: string | null = null,
): CancelOutcome {
  const message = `${CANCEL_FAILURES[code]} ${more}`.trimEnd();
  return { runId, run, code, message, otherRunId };
}
