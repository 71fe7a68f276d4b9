import { MESSAGE_KINDS } from './message-kinds.ts';
import type { Approval, MessageOf, RunMessage, ToolCall } from './messages.ts';
import { outcomeOf } from './outcomes.ts';
import type { Run } from './run.ts';

/** What became of the request for which a run paused. */
export const PAUSE_STATES = {
  PENDING: 'It waits for an answer; `answerApproval` gives one, unless a client has to.',
  ANSWERED: 'It was answered. The answer made a new run, `answeredBy`, which went on.',
  DENIED_BY_CANCEL: 'It was denied because a run of the agent, perhaps another one, was cancelled.',
  GONE: 'It can not be answered any more, and nobody did: its conversation was deleted or went on without it, or the messages of the agent were reset or are cleared after each turn.',
  UNKNOWN:
    'The runs API does not show what became of it or, of a cancelled run, whether there was one; see `reason`.',
} as const;

/** Who is asked for an answer. */
export const APPROVAL_ASKS = {
  PERSON: 'A person: a rule of the agent says that this tool requires approval.',
  CLIENT:
    'The client that sent the message, which is to run the tool itself: the agent has neither a rule for it nor a tool with its name. A person must not answer.',
  UNKNOWN: 'It can not be told: the agent has the tool, but no rule for it any more.',
} as const;
export type ApprovalAsks = keyof typeof APPROVAL_ASKS;

export type ApprovalRequest = MessageOf<'approval_request_message'>;
export type ApprovalResponse = MessageOf<'approval_response_message'>;

/** A tool call that a run paused for. */
export interface PausedCall extends ToolCall {
  readonly asks: ApprovalAsks;
}

/** The pause of a run, and what became of it. */
export interface RunPause {
  readonly state: keyof typeof PAUSE_STATES;
  /** Why the state is not known, for people. */
  readonly reason: string | null;
  /** Null if the request can't be read. */
  readonly request: ApprovalRequest | null;
  readonly toolCalls: readonly PausedCall[];
  readonly decisions: readonly Approval[];
  readonly answeredById: string | null;
}

/** What an agent waits for, and what its tools and rules say about that. */
export interface AgentApprovals {
  readonly id: string;
  readonly agentType: string | null;
  /** Whether its messages are cleared after each turn: Letta 0.16.7 shows its requests, but takes no answer. */
  readonly clearsMessages: boolean;
  /** The request that its default conversation waits with; undefined if the server is too old to send it. */
  readonly pending: ApprovalRequest | null | undefined;
  readonly tools: ReadonlySet<string>;
  /** The tools that require approval. */
  readonly guarded: ReadonlySet<string>;
}

/**
 * The types of agents that store an answer, and then ask for the same call again. In Letta 0.16.7, `AgentLoop` runs
 * them as `LettaAgentV2`.
 */
export const ASKING_AGAIN: ReadonlySet<string | null> = new Set([
  'memgpt_agent',
  'memgpt_v2_agent',
  'react_agent',
  'workflow_agent',
  'split_thread_agent',
  'voice_convo_agent',
  'voice_sleeptime_agent',
]);

/** The reason with which the API denies a pending request when a run is cancelled (`TOOL_CALL_DENIAL_ON_CANCEL`). */
const DENIAL_ON_CANCEL = 'The user cancelled the request, so the tool call was denied.';

/** Whether a run paused for an approval as its last act. It stays so for ever: an answer makes a new run. */
export function hasPaused(run: Pick<Run, 'status' | 'stopReason'>): boolean {
  return outcomeOf(run) === 'paused';
}

/** Returns who has to answer a call of a tool. A tool that the agent doesn't have is run by a client. */
export function asksOf(name: string | null, { guarded, tools }: AgentApprovals): ApprovalAsks {
  if (name === null) return 'UNKNOWN';
  if (guarded.has(name)) return 'PERSON';
  return tools.has(name) ? 'UNKNOWN' : 'CLIENT';
}

export function isResponse(message: RunMessage | undefined): message is ApprovalResponse {
  return message?.type === MESSAGE_KINDS.approval_response_message.type;
}

export function isRequest(message: RunMessage | undefined): message is ApprovalRequest {
  return message?.type === MESSAGE_KINDS.approval_request_message.type;
}

/** Whether a response answers a request. Old types of agents name the request instead of its calls. */
export function isAnswered(request: ApprovalRequest, { approvals, toolReturns }: ApprovalResponse): boolean {
  const ids = new Set([...approvals, ...toolReturns].map(({ toolCallId }) => toolCallId));
  return ids.has(request.messageId) || request.toolCalls.some(({ id }) => id !== null && ids.has(id));
}

/** Whether a cancel request made a response, which is then stored in the run that was cancelled. */
export function isDenialOnCancel({ approvals }: ApprovalResponse): boolean {
  return (
    approvals.length > 0 &&
    approvals.every(({ approve, reason }) => approve === false && reason === DENIAL_ON_CANCEL)
  );
}
