import { setTimeout as sleep } from 'node:timers/promises';
import { readRange } from '../lists/ranges/read-range.ts';
import { ASKING_AGAIN, isDenialOnCancel, isResponse } from '../runs/approvals.ts';
import { ANSWER_FAILURES, type AnswerFailureCode } from '../runs/change-failures.ts';
import { isActive } from '../runs/run-state.ts';
import type { Run } from '../runs/run.ts';
import type { ApprovalAnswer, RunsSource } from '../runs/runs-source.ts';
import { type ChangeSources, isFailure, readOr, readRun } from './read-run.ts';

/** The outcome of an answer to a request for an approval. */
export interface AnswerOutcome {
  /** The run that the answer made; null if there is none, or none that is known. */
  readonly run: Run | null;
  /** Whether the run shows that the answer was taken. */
  readonly isProven: boolean;
  readonly failure: AnswerFailure | null;
}

export interface AnswerFailure {
  readonly code: AnswerFailureCode;
  readonly message: string;
  /** The ids of the calls that wait. */
  readonly pendingToolCallIds: readonly string[];
}

/** Milliseconds between looks at the new run: a denial alone is stored at once, any other answer after its tools. */
const LOOKS_MS = [200, 300, 500, 1_000];
/** Milliseconds after the answer within which the last look begins. */
const LOOKING_MS = 2_000;
/** Milliseconds after its creation for which an active run may be another answer whose tool is running. */
const JUST_NOW_MS = 600_000;
/** The newest active runs among which another answer is looked for. */
const ACTIVE_RUNS = 100;

/**
 * Answers the request that a run waits with, at most once, after it was read that the run waits for just these answers.
 *
 * @throws the client's reason if it has disconnected before the answer was sent
 */
export async function answerApproval(
  runId: string,
  answers: readonly ApprovalAnswer[],
  sources: ChangeSources,
): Promise<AnswerOutcome> {
  const { source, report } = sources;
  const ids = new Set<string | null>(answers.map(({ toolCallId }) => toolCallId));
  const answerable = await readOr(findAnswerable(runId, ids, sources), report);
  if (isFailure(answerable)) return failed(answerable.code);
  if ('failure' in answerable) return answerable;
  const { run, messageId } = answerable;
  // Nothing is waited for in between, so that no other caller answers as well.
  if (source.answeredRequests.has(messageId)) return failed('ANSWERED_JUST_NOW', [...ids]);
  source.answeredRequests.set(messageId, true);
  const { agentId, conversationId } = run;
  const sent = await source.answer({ agentId, conversationId, answers }).catch((reason: unknown) => {
    // The client disconnected before anything was sent.
    source.answeredRequests.delete(messageId);
    throw reason;
  });
  const { wasSent, error } = sent;
  if (error !== undefined) report(error);
  const isRefused = error?.status !== undefined && error.status >= 400 && error.status < 500;
  const outcome =
    error !== undefined && (isRefused || !wasSent)
      ? failed(error.code, [...ids])
      : await lookForOutcome(sent.runId, answers, sources);
  const wasTaken = wasSent && !isRefused && outcome.failure?.code !== 'NOT_TAKEN';
  if (!wasTaken) source.answeredRequests.delete(messageId);
  return outcome;
}

/** Reads whether a run waits for answers to just these calls. @throws UpstreamError */
async function findAnswerable(
  runId: string,
  ids: ReadonlySet<string | null>,
  { source, approvals, report }: ChangeSources,
): Promise<{ readonly run: Run; readonly messageId: string } | AnswerOutcome> {
  const run = await readRun(runId, source, report);
  if (isFailure(run)) return failed(run.code);
  if (run === null) return failed('NOT_FOUND');
  const { state, request, toolCalls } = (await approvals.pauseOf(run)) ?? {};
  if (state !== 'PENDING' || !toolCalls || request?.messageId == null) return failed('NOT_PENDING');
  const pending = toolCalls.map(({ id }) => id);
  const { agentType } = await approvals.ofAgent(run.agentId);
  if (ASKING_AGAIN.has(agentType)) return failed('AGENT_TYPE_UNSUPPORTED', pending);
  if (toolCalls.some(({ asks }) => asks === 'CLIENT')) return failed('CLIENT_TOOL', pending);
  if (!isSame(ids, new Set(pending))) return failed('TOOL_CALLS_DIFFER', pending);
  if (await mayHaveAnswer(run, request.date, source)) return failed('ANSWERED_JUST_NOW', pending);
  return { run, messageId: request.messageId };
}

/**
 * Whether an active run of the conversation began after the request: it may be an answer whose tool is running. A run
 * that isn't streamed names no conversation, so it counts as well.
 */
async function mayHaveAnswer(
  { agentId, conversationId }: Run,
  date: string | null,
  source: RunsSource,
): Promise<boolean> {
  const filter = { agentId, active: true } as const;
  const rows = await readRange({ filter, order: 'desc', after: null, limit: ACTIVE_RUNS }, source);
  const since = Math.max(Date.parse(date ?? '') || 0, Date.now() - JUST_NOW_MS);
  return [...rows].some(
    (run) => (run.conversationId ?? conversationId) === conversationId && Date.parse(run.createdAt) >= since,
  );
}

/** Reads the run of an answer until it shows the answer, or has ended, or for about two seconds. */
async function lookForOutcome(
  runId: string | null,
  answers: readonly ApprovalAnswer[],
  { source, report }: ChangeSources,
): Promise<AnswerOutcome> {
  const decided = keysOf(answers);
  /** Messages are read after their run: if it had ended by then, they are complete. */
  const look = async (id: string): Promise<AnswerOutcome> => {
    const run = await source.retrieve('run', id);
    const [first] = await source.readMessages({ runId: id }, { order: 'asc', limit: 1 });
    const isProven =
      isResponse(first) && !isDenialOnCancel(first) && isSame(decided, keysOf(first.approvals));
    if (run === null || isActive(run) || isProven) return { run, isProven, failure: null };
    // The answer of a run that was cancelled may still be stored once its tool has run.
    return { ...failed(run.status === 'cancelled' ? 'OUTCOME_UNKNOWN' : 'NOT_TAKEN'), run };
  };
  const until = Date.now() + LOOKING_MS;
  let outcome = failed('OUTCOME_UNKNOWN');
  for (const delay of runId === null ? [] : LOOKS_MS) {
    // oxlint-disable-next-line no-await-in-loop -- Each look is later than the one before it.
    await sleep(delay);
    // oxlint-disable-next-line no-await-in-loop
    const found = await readOr(look(runId ?? ''), report);
    if (!isFailure(found) && found.run !== null) outcome = found;
    if (outcome.isProven || (outcome.run && outcome.failure) || Date.now() > until) break;
  }
  return outcome;
}

function keysOf(
  decisions: readonly { readonly toolCallId: string | null; readonly approve: boolean | null }[],
): ReadonlySet<string> {
  return new Set(decisions.map(({ toolCallId, approve }) => `${approve} ${toolCallId}`));
}

function isSame<Each>(one: ReadonlySet<Each>, other: ReadonlySet<Each>): boolean {
  return one.symmetricDifference(other).size === 0;
}

function failed(code: AnswerFailureCode, pending: readonly (string | null)[] = []): AnswerOutcome {
  const pendingToolCallIds = pending.filter((id) => id !== null);
  return {
    run: null,
    isProven: false,
    failure: { code, message: ANSWER_FAILURES[code], pendingToolCallIds },
  };
}
