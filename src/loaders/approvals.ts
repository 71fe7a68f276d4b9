import { UpstreamError } from '../errors/upstream-error.ts';
import {
  type AgentApprovals,
  type ApprovalRequest,
  type ApprovalResponse,
  asksOf,
  hasPaused,
  isAnswered,
  isDenialOnCancel,
  isRequest,
  isResponse,
  type RunPause,
} from '../runs/approvals.ts';
import { type RunMessage, showsTypes } from '../runs/messages.ts';
import type { Run } from '../runs/run.ts';
import type { Conversation, MessagePage, MessagesPlace, RunsSource } from '../runs/runs-source.ts';
import { LookUps } from './look-ups.ts';

/** How many stored messages at the end of a run may have its request: a denial and its returns may follow. */
const END_OF_RUN = 5;
/** How many stored messages next to a request may have its answer: messages of other runs may lie between. */
const NEAR = 10;

const HIDDEN = 'The run was started with a choice of message types that leaves its request out.';
const ELSEWHERE = 'It may still wait in a conversation that the run does not name.';
const CROWDED = 'Many messages of other runs follow the request, and no answer was found among them.';

export type Approvals = ReturnType<typeof createApprovals>;

/**
 * Finds what runs paused for. An operation looks up each agent and conversation once, and each request at most twice. All
 * functions reject with {@link UpstreamError} on failure, one about an agent with status 404 if there is no such agent.
 */
export function createApprovals(source: RunsSource) {
  const lookUps = new LookUps(source);
  const ofAgent = (id: string): Promise<AgentApprovals> => lookUps.ofAgent('agentApprovals', id);

  /** The request that a conversation waits with. */
  const waitingIn = ({ agentId, conversationId }: Conversation): Promise<ApprovalRequest | null> =>
    lookUps.once(`waiting ${conversationId ?? agentId}`, async () => {
      const { pending, clearsMessages } = await ofAgent(agentId);
      if (clearsMessages) return null;
      if (conversationId === null && pending !== undefined) return pending;
      // The request is one of the messages that the last stored message is read as.
      const last = await source.readMessages({ agentId, conversationId }, { order: 'desc', limit: 1 });
      return last.find(isRequest) ?? null;
    });

  /** Reads messages next to another message; none if the other message is gone from the place. */
  const near = (place: MessagesPlace, page: Omit<MessagePage, 'limit'>): Promise<readonly RunMessage[]> =>
    source.readMessages(place, { ...page, limit: NEAR }).catch((error: unknown) => {
      if (error instanceof UpstreamError && error.status === 404) return [];
      throw error;
    });

  const find = async (run: Run): Promise<RunPause | null> => {
    const isCancelled = run.status === 'cancelled';
    if (!isCancelled && !hasPaused(run)) return null;
    const shows = showsTypes(run, ['approval_request_message']);
    const readRequest = async (): Promise<ApprovalRequest | null> => {
      const end = shows ? { order: 'desc' as const, limit: END_OF_RUN } : undefined;
      const messages = end === undefined ? [] : await source.readMessages({ runId: run.id }, end);
      return messages.filter(isRequest).find(({ runId }) => runId === run.id) ?? null;
    };
    // Most cancelled runs never paused, which their messages show.
    let request = isCancelled ? await readRequest() : null;
    if (isCancelled && shows && request === null) return null;
    const current = await waitingIn(run);
    if (current?.runId === run.id) return pauseFor(run, current, { state: 'PENDING' });
    request ??= await readRequest();
    if (request?.messageId == null)
      return pauseFor(run, null, shows ? { state: 'GONE' } : { reason: HIDDEN });
    const { following, responses } = await behind(run, request);
    const answer = responses.find((each) => !isDenial(each, run));
    if (responses.length > 0) {
      const decisions = responses.flatMap((each) => each.approvals);
      if (answer === undefined) return pauseFor(run, request, { state: 'DENIED_BY_CANCEL', decisions });
      return pauseFor(run, request, { state: 'ANSWERED', decisions, answeredById: answer.runId });
    }
    // The run may have paused after the first look-up. A request that still waits is never followed by messages.
    const now = following.length > 0 ? null : await createApprovals(source).waitingIn(run);
    if (now?.runId === run.id) return pauseFor(run, now, { state: 'PENDING' });
    if (following.length >= NEAR) return pauseFor(run, request, { reason: CROWDED });
    // A run that was started without streaming doesn't name its conversation.
    const isElsewhere = isCancelled && run.conversationId === null;
    return pauseFor(run, request, isElsewhere ? { reason: ELSEWHERE } : { state: 'GONE' });
  };

  /** The messages behind a request, and the responses to it: several if answers came at the same time. */
  const behind = async (place: Conversation, request: ApprovalRequest) => {
    const following = await near(place, { order: 'asc', after: request.messageId ?? '' });
    // The next request may be about a call of the same id.
    const end = following.findIndex(isRequest);
    const ahead = end === -1 ? following : following.slice(0, end);
    return { following, responses: ahead.filter(isResponse).filter((each) => isAnswered(request, each)) };
  };

  const pauseFor = async (
    run: Run,
    request: ApprovalRequest | null,
    found: Partial<RunPause>,
  ): Promise<RunPause> => {
    const agent = request && (await ofAgent(run.agentId));
    const calls = agent && request.toolCalls.map((call) => ({ ...call, asks: asksOf(call.name, agent) }));
    const none = { state: 'UNKNOWN', reason: null, decisions: [], answeredById: null } as const;
    return { ...none, ...found, request, toolCalls: calls ?? [] };
  };

  const findContinued = async (run: Run): Promise<string | null | undefined> => {
    if (!showsTypes(run, ['approval_response_message'])) return undefined;
    const [first] = await source.readMessages({ runId: run.id }, { order: 'asc', limit: 1 });
    if (!isResponse(first) || isDenialOnCancel(first)) return null;
    if (first.messageId === null) return undefined;
    const preceding = await near(run, { order: 'desc', before: first.messageId });
    const request = preceding.filter(isRequest).find((each) => isAnswered(each, first));
    if (request === undefined) return undefined;
    // If answers came at the same time, the run of the first one continues the paused run.
    const earlier = preceding.slice(0, preceding.indexOf(request)).filter(isResponse);
    const isLate = earlier.some(
      (each) => isAnswered(request, each) && !isDenial(each, { id: request.runId }),
    );
    return isLate ? undefined : (request.runId ?? undefined);
  };

  return {
    /** The pause of a run; null if the run did not pause. */
    pauseOf: (run: Run) => lookUps.once(`pause ${run.id}`, () => find(run)),
    /** The id of the run whose request a run answered; null if it answered none, undefined if that is not known. */
    continuedIdOf: (run: Run) => lookUps.once(`continued ${run.id}`, () => findContinued(run)),
    /** Whether this process has sent an answer to a request in the last ten minutes, whatever became of it. */
    isAnswerSent: ({ messageId }: ApprovalRequest): boolean =>
      messageId !== null && source.answeredRequests.has(messageId),
    async wasDenied(place: Conversation, request: ApprovalRequest) {
      return (await behind(place, request)).responses.some(isDenialOnCancel);
    },
    ofAgent,
    waitingIn,
  };
}

/** Whether a cancel request made a response, which it stores in the run that it was about. */
function isDenial(response: ApprovalResponse, run: { readonly id: string | null }): boolean {
  return response.runId === run.id || isDenialOnCancel(response);
}
