import type { Conversation } from '../conversations.ts';
import { RUN, wireText } from '../rows/wire-format.ts';
import { BLANK_RUN, type Run } from '../store.ts';
import { beginTurn, type Input } from '../turns.ts';
import { requireAgent, requireConversation } from './conversations.ts';
import { type Call, failure, HttpError, invalid, type Reply } from './request-reply.ts';

const REQUEST_CONFIG = {
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
};

/** A run that was just made, and why what was sent isn't taken, with the request that waits. */
interface Started {
  readonly run: Run;
  readonly refusal?: string | undefined;
  readonly pendingId?: string | undefined;
}

/**
 * `POST /v1/agents/{agent_id}/messages`, as with `streaming: false`, but tools take no time.
 * @throws HttpError 400 or 409 for what isn't taken, with a failed run without a stop reason
 */
export function sendAndWait(call: Call): string {
  const { run, refusal: message, pendingId } = start(call, 'send_message');
  if (message === undefined) {
    const stop_reason = { message_type: 'stop_reason', stop_reason: call.store.find(run.id)?.stop_reason };
    return JSON.stringify({ messages: sentBack(call, run), stop_reason });
  }
  if (pendingId === undefined) throw failure(400, message);
  const detail = { code: 'PENDING_APPROVAL', message, pending_request_id: pendingId };
  throw new HttpError({ status: 409, body: JSON.stringify({ detail }) });
}

/** `POST /v1/agents/{agent_id}/messages/async`: the new run, which fails if what was sent isn't taken. */
export const sendAsync = (call: Call): string => wireText(RUN, start(call, 'send_message_async').run);

/**
 * `POST /v1/conversations/{conversation_id}/messages`: a stream, whose first event has the id of the new run. While an
 * approved tool runs, Letta's stream stays open, but this one ends.
 */
export function sendStreaming(call: Call): Reply {
  const { run, refusal } = start(call, 'send_conversation_message');
  const { stop_reason = null, metadata } = call.store.find(run.id) ?? BLANK_RUN;
  const shared = { name: null, message_type: 'ping', otid: null, sender_id: null, step_id: null };
  const date = `${call.now.toISOString().slice(0, 19)}+00:00`;
  const ping = {
    id: `ping-${crypto.randomUUID()}`,
    date,
    ...shared,
    is_err: null,
    seq_id: null,
    run_id: run.id,
  };
  const events = [
    ping,
    ...sentBack(call, run),
    ...(stop_reason ? [{ message_type: 'stop_reason', stop_reason }] : []),
  ];
  const data = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  if (refusal !== undefined)
    data.push(`event: error\ndata: ${JSON.stringify(Object(metadata)['error'])}\n\n`);
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { status: 200, headers, body: `${data.join('')}data: [DONE]\n\n` };
}

/** Makes a run for what was sent, and finishes or fails it, later if tools run or the caller doesn't wait. */
function start(
  call: Call,
  run_type: 'send_message' | 'send_message_async' | 'send_conversation_message',
): Started {
  const { store, now, body } = call;
  const [isAsync, isStreaming] = [
    run_type === 'send_message_async',
    run_type === 'send_conversation_message',
  ];
  const { organization_id, agent_id, conversation_id } = isStreaming
    ? requireConversation(call)
    : defaultOf(call);
  const input = inputIn(body);
  const id = `run-${crypto.randomUUID()}`;
  const made = { id, created_at: now.toISOString(), organization_id, agent_id, conversation_id };
  const status = isStreaming ? 'running' : 'created';
  store.insert([
    { ...made, status, background: isAsync, metadata: { run_type }, request_config: REQUEST_CONFIG },
  ]);
  const run = store.find(id) ?? BLANK_RUN;
  const turn = beginTurn(store, run, input);
  const toolMs = turn.refusal === undefined && run_type !== 'send_message' ? turn.toolMs : 0;
  const end = new Date(now.getTime() + toolMs);
  const finish = (): void => {
    if (turn.refusal === undefined) return turn.finish(end);
    const event = {
      message_type: 'error_message',
      run_id: id,
      error_type: 'internal_error',
      detail: turn.refusal,
    };
    const error = isStreaming ? event : turn.refusal;
    const stop_reason = run_type === 'send_message' ? null : 'error';
    store.update(id, {
      status: 'failed',
      stop_reason,
      completed_at: made.created_at,
      metadata: { run_type, error },
    });
  };
  if (isAsync || toolMs > 0) store.plan(end.getTime(), finish);
  else finish();
  return { run, ...turn };
}

function defaultOf(call: Call): Conversation {
  const { id: agent_id, organization_id } = requireAgent(call);
  return { agent_id, organization_id, conversation_id: null };
}

/** Returns the first message of a body; the gateway sends no more. @throws HttpError 422 */
function inputIn(body: string): Input {
  try {
    const { messages }: { messages?: unknown } = Object(JSON.parse(body));
    const { type, approvals = [], content } = Object(Array.isArray(messages) ? messages[0] : undefined);
    if (type !== 'approval' && content !== undefined) return { content };
    if (
      type === 'approval' &&
      approvals.every((each: unknown) => typeof Object(each)['tool_call_id'] === 'string')
    )
      return { decisions: approvals };
  } catch {
    // The body isn't JSON, or has no list there.
  }
  throw invalid([{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: body }]);
}

/** The messages that a caller is sent of a run: not its input. */
function sentBack({ store }: Call, run: Run): readonly object[] {
  const items = store.messages.of(run.id).flatMap((message) => message.items);
  return items.filter(({ message_type }) => !/^(?:user|approval_response)_message$/.test(message_type));
}
