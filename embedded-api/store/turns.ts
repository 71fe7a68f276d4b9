import {
  type Author,
  answerOf,
  callKeys,
  type Decision,
  messageOf,
  responseOf,
  type Part,
  type WireCall,
} from './message-items.ts';
import type { Agent, Run, RunStore } from './run-store.ts';
import { messagesIn, pendingIn } from './stored-conversations.ts';

/** What a caller sends: a message, or decisions on the calls of a request. */
export type Input = Readonly<
  { content: unknown; decisions?: undefined } | { decisions: readonly Decision[] }
>;

/** Why a turn is refused; or how long its tools run, and what it then stores. */
type Turn = Readonly<
  { refusal: string } | { refusal?: undefined; toolMs: number; finish: (now: Date) => void }
>;

/** How long an approved tool runs. */
const TOOL_MS = 1500;
const PING =
  '<system-alert>Automated keep-alive ping. Ignore this message and continue from where you stopped.</system-alert>';
const CONFLICT =
  'CONFLICT: Cannot send a new message: The agent is waiting for approval on a tool call. Please approve or deny the pending request before continuing.';
const NOTHING_WAITS =
  'Cannot process approval response: No tool call is currently awaiting approval. Please send a regular message to interact with the agent.';
const EMPTY = 'Invalid approval response. Approval response message does not contain any approvals.';

/**
 * Begins the turn of a new run in its conversation. A message with `call=NAME,NAME` lets the agent call these tools,
 * and pauses if a rule names them or if the agent doesn't have them; any other is replied to. Until an approved tool
 * has run, its request still waits. An answer that comes again is dropped, and older agents ask again.
 */
export function beginTurn(store: RunStore, run: Run, input: Input): Turn {
  const agent = store.agents.find(run.agent_id);
  const request = agent?.message_buffer_autoclear ? undefined : pendingIn(store, run);
  const converse = (content: unknown): Turn => ({
    toolMs: 0,
    finish: (at) => finish(store, run, at, callsIn(content, agent), content),
  });
  const { decisions } = input;
  if (decisions === undefined) return request === undefined ? converse(input.content) : { refusal: CONFLICT };
  const ids = idsOf(decisions);
  if (request === undefined) {
    // Letta looks no further back for the returns of an answer that comes again.
    const recent = messagesIn(store, run).slice(-10);
    const returns = recent.flatMap(({ items }) => items.map((item) => idsOf(item['tool_returns'])));
    return ids.length > 0 && returns.some((each) => isSame(each, ids))
      ? converse(PING)
      : { refusal: NOTHING_WAITS };
  }
  const expected = idsOf(request.tool_calls);
  const wrong = `Invalid tool call IDs. Expected '${listed(expected)}', but received '${listed(ids)}'.`;
  if (!isSame(expected, ids)) return { refusal: ids.length === 0 ? EMPTY : wrong };
  const asksAgain = agent?.agent_type?.startsWith('memgpt') === true;
  return {
    toolMs: !asksAgain && decisions.some(({ approve }) => approve) ? TOOL_MS : 0,
    finish: (at) => {
      const [author, time] = [authorOf(run), at.toISOString()];
      const response = [responseOf(author, time, decisions)];
      store.messages.insert(asksAgain ? response : answerOf(author, request, time, decisions));
      finish(store, run, at, asksAgain ? request.tool_calls : []);
    },
  };
}

/** Returns the author of messages that are not samples, which have random ids. */
export function authorOf(run: Run): Author {
  return { run, newId: (prefix) => `${prefix}-${crypto.randomUUID()}` };
}

/** Stores the step of a turn, with its messages, and ends its run unless it was cancelled or removed meanwhile. */
function finish(store: RunStore, run: Run, at: Date, calls: readonly WireCall[], content?: unknown): void {
  const { id: run_id, agent_id, organization_id } = run;
  const [created_at, pauses] = [at.toISOString(), calls.length > 0];
  const stop_reason = pauses ? 'requires_approval' : 'end_turn';
  const step_id = `step-${crypto.randomUUID()}`;
  const step = { run_id, agent_id, organization_id, created_at, status: 'success', stop_reason };
  store.steps.insert([{ id: step_id, ...step }]);
  const input: readonly Part[] = content === undefined ? [] : [['user_message', { content }]];
  const output: Part = pauses
    ? ['approval_request_message', callKeys(...calls)]
    : ['assistant_message', { content: 'done' }];
  store.messages.insert(
    [...input, output].map((part) => messageOf(authorOf(run), created_at, [part], { step_id })),
  );
  if (store.find(run_id)?.completed_at !== null) return;
  store.update(run_id, { status: 'completed', stop_reason, completed_at: created_at, num_steps: 1 });
  store.agents.update(agent_id, { last_stop_reason: stop_reason, updated_at: created_at });
}

/** The calls that a message makes the agent pause for: those of tools that a rule names, or that it doesn't have. */
function callsIn(content: unknown, agent: Agent | undefined): readonly WireCall[] {
  const names = /\bcall=([\w,]+)/.exec(JSON.stringify(content))?.[1]?.split(',') ?? [];
  const { tools = [], tool_rules = [] } = agent ?? {};
  const asked = tool_rules.filter(({ type }) => type === 'requires_approval').map((rule) => rule.tool_name);
  const isAsked = (name: string): boolean =>
    asked.includes(name) || tools.every((tool) => tool.name !== name);
  return names
    .filter(isAsked)
    .map((name, at) => ({ name, arguments: `{"x":"v${at}"}`, tool_call_id: `call_${crypto.randomUUID()}` }));
}

function idsOf(calls: unknown): readonly string[] {
  return Array.isArray(calls) ? calls.map(({ tool_call_id }) => String(tool_call_id)) : [];
}

function isSame(some: readonly string[], others: readonly string[]): boolean {
  return some.toSorted().join() === others.toSorted().join();
}

/** Writes a list as Python does. */
function listed(ids: readonly string[]): string {
  return `[${ids.map((id) => `'${id}'`).join(', ')}]`;
}
