import { BLANK_RUN, type Run } from '../store/run-store.ts';
import type { Conversation } from '../store/stored-conversations.ts';
import { beginTurn, type Input } from '../store/turns.ts';
import { RUN, wireText } from '../store/wire-format.ts';
import { requireAgent } from './agents.ts';
import { requireConversation } from './conversations.ts';
import { type Call, invalid, type Reply } from './request-reply.ts';

/** `POST /v1/agents/{agent_id}/messages/async`: the new run, which fails later if what was sent isn't taken. */
export function sendAsync(call: Call): string {
  const { id: agent_id, organization_id } = requireAgent(call);
  return wireText(RUN, start(call, { agent_id, organization_id, conversation_id: null }, false));
}

/**
 * `POST /v1/conversations/{conversation_id}/messages`: a stream, whose first event has the id of the new run. While an
 * approved tool runs, Letta's stream stays open, but this one ends.
 */
export function sendStreaming(call: Call): Reply {
  const { id: run_id } = start(call, requireConversation(call), true);
  const { stop_reason, metadata } = call.store.find(run_id) ?? BLANK_RUN;
  const shared = { name: null, message_type: 'ping', otid: null, sender_id: null, step_id: null };
  const date = `${call.now.toISOString().slice(0, 19)}+00:00`;
  const ping = { id: `ping-${crypto.randomUUID()}`, date, ...shared, is_err: null, seq_id: null, run_id };
  const items = call.store.messages.of(run_id).flatMap((message) => message.items);
  const sent = items.filter(({ message_type }) => !/^(?:user|approval_response)_message$/.test(message_type));
  const events: object[] = [ping, ...sent];
  if (stop_reason !== null) events.push({ message_type: 'stop_reason', stop_reason });
  const { error }: { error?: object } = Object(metadata);
  const texts = events.map((event) => `data: ${JSON.stringify(event)}\n\n`);
  if (error !== undefined) texts.push(`event: error\ndata: ${JSON.stringify(error)}\n\n`);
  const headers = { 'content-type': 'text/event-stream; charset=utf-8' };
  return { status: 200, headers, body: `${texts.join('')}data: [DONE]\n\n` };
}

/** Makes a run for what was sent, and finishes it or lets it fail: later if tools run, or the caller doesn't wait. */
function start({ store, now, body }: Call, conversation: Conversation, isStreaming: boolean): Run {
  const { organization_id, agent_id, conversation_id } = conversation;
  const input = inputIn(body);
  const id = `run-${crypto.randomUUID()}`;
  const created_at = now.toISOString();
  const metadata = { run_type: isStreaming ? 'send_conversation_message' : 'send_message_async' };
  const status = isStreaming ? 'running' : 'created';
  const made = { id, created_at, organization_id, agent_id, conversation_id, metadata, status };
  store.insert([{ ...made, background: !isStreaming }]);
  const run = store.find(id) ?? BLANK_RUN;
  const turn = beginTurn(store, run, input);
  const end = new Date(now.getTime() + (turn.refusal === undefined ? turn.toolMs : 0));
  const finish = (): void => {
    if (turn.refusal === undefined) return turn.finish(end);
    const event = {
      message_type: 'error_message',
      run_id: id,
      error_type: 'internal_error',
      detail: turn.refusal,
    };
    const error = isStreaming ? event : turn.refusal;
    const failed = { status: 'failed', stop_reason: 'error', completed_at: created_at };
    store.update(id, { ...failed, metadata: { ...metadata, error } });
  };
  if (isStreaming && end <= now) finish();
  else store.plan(end.getTime(), finish);
  return run;
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
