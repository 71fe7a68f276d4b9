import type { Conversation } from '../conversations.ts';
import type { Decision } from '../rows/message-items.ts';
import { RUN, wireText } from '../rows/wire-format.ts';
import { BLANK_RUN, type Run } from '../store.ts';
import { beginTurn, type Input, TurnRefusal } from '../turns.ts';
import { requireAgent, requireConversation } from './conversations.ts';
import { type Call, failure, HttpError, invalid, type Reply } from './request-reply.ts';

const REQUEST_CONFIG = {
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
};

/** A run that was just made, and why what was sent isn't taken. */
interface Started {
  readonly run: Run;
  readonly refusal?: TurnRefusal;
}

/**
 * `POST /v1/agents/{agent_id}/messages`, as with `streaming: false`, but tools take no time.
 * @throws HttpError 400 or 409 for what isn't taken, with a failed run without a stop reason
 */
export function sendAndWait(call: Call): string {
  const { run, refusal } = start(call, 'send_message');
  if (refusal === undefined) {
    const stop_reason = { message_type: 'stop_reason', stop_reason: call.store.find(run.id)?.stop_reason };
    return JSON.stringify({ messages: sentBack(call, run), stop_reason });
  }
  const { message, pendingId } = refusal;
  fail(call, run, { stop_reason: null, error: message });
  if (pendingId === undefined) throw failure(400, message);
  const detail = { code: 'PENDING_APPROVAL', message, pending_request_id: pendingId };
  throw new HttpError({ status: 409, body: JSON.stringify({ detail }) });
}

/** `POST /v1/agents/{agent_id}/messages/async`: the new run, which fails if what was sent isn't taken. */
export function sendAsync(call: Call): string {
  const { run, refusal } = start(call, 'send_message_async');
  if (refusal !== undefined)
    call.store.plan(call.now.getTime(), () => fail(call, run, { error: refusal.message }));
  return wireText(RUN, run);
}

/**
 * `POST /v1/conversations/{conversation_id}/messages`: a stream, whose first event has the id of the new run. While an
 * approved tool runs, Letta's stream stays open, but this one ends.
 */
export function sendStreaming(call: Call): Reply {
  const { run, refusal } = start(call, 'send_conversation_message');
  const { id: run_id } = run;
  const shared = { name: null, message_type: 'ping', otid: null, sender_id: null, step_id: null };
  const date = `${call.now.toISOString().slice(0, 19)}+00:00`;
  const events: object[] = [
    { id: `ping-${crypto.randomUUID()}`, date, ...shared, is_err: null, seq_id: null, run_id },
  ];
  if (refusal !== undefined) {
    const { message } = refusal;
    const error = {
      message_type: 'error_message',
      run_id,
      error_type: 'internal_error',
      message,
      detail: message,
    };
    fail(call, run, { error });
    events.push(error);
  }
  const stop_reason = call.store.find(run_id)?.stop_reason;
  events.splice(
    1,
    0,
    ...sentBack(call, run),
    ...(stop_reason ? [{ message_type: 'stop_reason', stop_reason }] : []),
  );
  const lines = events.map(
    (event) => `${'detail' in event ? 'event: error\n' : ''}data: ${JSON.stringify(event)}\n\n`,
  );
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { status: 200, headers, body: `${lines.join('')}data: [DONE]\n\n` };
}

/** Makes a run for what was sent, and finishes its turn unless tools run or the caller doesn't wait. */
function start(
  call: Call,
  run_type: 'send_message' | 'send_message_async' | 'send_conversation_message',
): Started {
  const { store, now, body } = call;
  const isStreaming = run_type === 'send_conversation_message';
  const conversation = isStreaming ? requireConversation(call) : defaultOf(call);
  const input = inputIn(body);
  const id = `run-${crypto.randomUUID()}`;
  const { organization_id, agent_id, conversation_id } = conversation;
  store.insert([
    {
      id,
      created_at: now.toISOString(),
      ...{ organization_id, agent_id, conversation_id },
      status: isStreaming ? 'running' : 'created',
      background: run_type === 'send_message_async',
      metadata: { run_type },
      request_config: REQUEST_CONFIG,
    },
  ]);
  const run = store.find(id) ?? BLANK_RUN;
  try {
    const { toolMs, finish } = beginTurn(store, run, input, now);
    const isWaitedFor = run_type === 'send_message' || (isStreaming && toolMs === 0);
    const end = new Date(now.getTime() + toolMs);
    if (isWaitedFor) finish(now);
    else store.plan(end.getTime(), () => finish(end));
    return { run };
  } catch (error) {
    if (error instanceof TurnRefusal) return { run, refusal: error };
    throw error;
  }
}

function defaultOf(call: Call): Conversation {
  const { id: agent_id, organization_id } = requireAgent(call);
  return { agent_id, organization_id, conversation_id: null };
}

/** Returns the first message of a body; the gateway sends no more. @throws HttpError 422 */
function inputIn(body: string): Input {
  try {
    const { messages }: { messages?: unknown } = Object(JSON.parse(body));
    const [first]: readonly unknown[] = Array.isArray(messages) ? messages : [];
    const {
      type,
      approvals = [],
      content,
    }: { type?: unknown; approvals?: unknown; content?: unknown } = Object(first);
    if (type !== 'approval' && content !== undefined) return { content };
    if (type === 'approval' && Array.isArray(approvals) && approvals.every(isDecision))
      return { decisions: approvals };
  } catch {
    // The body isn't JSON.
  }
  throw invalid([{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: body }]);
}

function isDecision(entry: unknown): entry is Decision {
  return typeof Object(entry)['tool_call_id'] === 'string';
}

/** The messages that a caller is sent of a run: not its input. */
function sentBack({ store }: Call, run: Run): readonly object[] {
  const items = store.messages.of(run.id).flatMap((message) => message.items);
  return items.filter(
    ({ message_type }) => message_type !== 'user_message' && message_type !== 'approval_response_message',
  );
}

function fail(
  { store, now }: Call,
  run: Run,
  { stop_reason = 'error', error }: { stop_reason?: 'error' | null; error: unknown },
): void {
  const metadata = { ...Object(run.metadata), error };
  store.update(run.id, { status: 'failed', stop_reason, completed_at: now.toISOString(), metadata });
}
