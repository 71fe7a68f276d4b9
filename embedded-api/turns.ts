import { messagesIn, pendingIn } from './conversations.ts';
import {
  answerKeys,
  callKeys,
  type Decision,
  itemOf,
  type RequestItem,
  type WireItem,
} from './rows/message-items.ts';
import { scenarioOf } from './samples/scenarios/index.ts';
import type { Agent, Run, RunStore } from './store.ts';

/** What a caller sends: a message, or decisions on the calls of a request. */
export type Input =
  | Readonly<{ content: unknown; decisions?: undefined }>
  | Readonly<{ decisions: readonly Decision[] }>;

/** A turn that was admitted. */
interface Turn {
  /** How long its tools run, in milliseconds. */
  readonly toolMs: number;
  /** Stores its messages and the end of its run. @param now the time after its tools ran */
  readonly finish: (now: Date) => void;
}

/** Thrown for what Letta doesn't take. @param pendingId the request that a message has to wait for */
export class TurnRefusal extends Error {
  override readonly name = 'TurnRefusal' as const;
  readonly pendingId: string | undefined;

  constructor(text: string, pendingId?: string) {
    super(text);
    this.pendingId = pendingId;
  }
}

/** How long an approved tool runs. */
const TOOL_MS = 1500;
/** Letta looks so many messages back for the returns of an answer that comes again. */
const RECENT = 10;
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
 * has run, its request still waits. An answer that comes again is dropped.
 * @throws TurnRefusal
 */
export function beginTurn(store: RunStore, run: Run, input: Input, now: Date): Turn {
  const agent = store.agents.find(run.agent_id);
  const request = agent?.message_buffer_autoclear ? undefined : pendingIn(store, run);
  const converse = (content: unknown): Turn => ({
    toolMs: 0,
    finish: (at) => finish(store, run, { content, calls: callsIn(content, agent), at }),
  });
  const { decisions } = input;
  if (decisions === undefined) {
    if (request !== undefined) throw new TurnRefusal(CONFLICT, request.id);
    return converse(input.content);
  }
  const ids = decisions.map(({ tool_call_id }) => tool_call_id);
  if (request === undefined) {
    const recent = messagesIn(store, run).slice(-RECENT);
    const isAnswered = recent.some(({ items }) =>
      items.some(({ tool_returns }) => isSame(idsOf(tool_returns), ids)),
    );
    if (!isAnswered) throw new TurnRefusal(NOTHING_WAITS);
    return converse(PING);
  }
  if (ids.length === 0) throw new TurnRefusal(EMPTY);
  const expected = idsOf(request.tool_calls);
  if (!isSame(expected, ids))
    throw new TurnRefusal(
      `Invalid tool call IDs. Expected '${listed(expected)}', but received '${listed(ids)}'.`,
    );
  const asked = now.toISOString();
  if (agent?.agent_type?.startsWith('memgpt')) {
    const again = (at: Date): void => {
      const [response] = answerKeys(request, decisions, () => undefined);
      storeItem(store, { run, asked }, 'approval_response_message', response);
      finish(store, run, { calls: request.tool_calls, at });
    };
    return { toolMs: 0, finish: again };
  }
  return {
    toolMs: decisions.some(({ approve }) => approve) ? TOOL_MS : 0,
    finish: (at) => {
      storeAnswer(store, { run, request, decisions, asked, stored: at.toISOString() });
      finish(store, run, { calls: [], at });
    },
  };
}

/** Stores a response to a request, and what its calls returned. */
export function storeAnswer(
  store: RunStore,
  {
    request,
    decisions,
    ...place
  }: Place & Readonly<{ request: RequestItem; decisions: readonly Decision[] }>,
): void {
  const { agent_id } = place.run;
  const { approved } = scenarioOf(agent_id);
  const tools = store.agents.find(agent_id)?.tools.map(({ name }) => name) ?? [];
  const resultOf = (tool = ''): string | undefined =>
    tool === approved.name ? approved.result : tools.includes(tool) ? `did ${tool}` : undefined;
  const [response, returned] = answerKeys(request, decisions, resultOf);
  const { step_id } = request;
  storeItem(store, place, 'approval_response_message', response);
  storeItem(
    store,
    { ...place, step_id, asked: place.stored ?? place.asked },
    'tool_return_message',
    returned,
  );
}

/** Stores the step of a turn, with its messages, and ends its run unless it was cancelled or removed meanwhile. */
function finish(
  store: RunStore,
  run: Run,
  { content, calls, at }: Readonly<{ content?: unknown; calls: RequestItem['tool_calls']; at: Date }>,
): void {
  const { id: run_id, agent_id, organization_id } = run;
  const time = at.toISOString();
  const stop_reason = calls.length > 0 ? 'requires_approval' : 'end_turn';
  const step_id = `step-${crypto.randomUUID()}`;
  const place = { run, asked: time, step_id };
  store.steps.insert([
    { id: step_id, run_id, agent_id, organization_id, created_at: time, status: 'success', stop_reason },
  ]);
  if (content !== undefined) storeItem(store, place, 'user_message', { content });
  if (calls.length > 0) storeItem(store, place, 'approval_request_message', callKeys(...calls));
  else storeItem(store, place, 'assistant_message', { content: 'done' });
  if (store.find(run_id)?.completed_at !== null) return;
  const total_duration_ns = (at.getTime() - Date.parse(run.created_at)) * 1_000_000;
  store.update(run_id, {
    status: 'completed',
    stop_reason,
    completed_at: time,
    total_duration_ns,
    num_steps: 1,
  });
  if (store.agents.find(agent_id) !== undefined)
    store.agents.update(agent_id, { last_stop_reason: stop_reason, updated_at: time });
}

/** The calls that a message makes the agent pause for: those of tools that a rule names, or that it doesn't have. */
function callsIn(content: unknown, agent: Agent | undefined): RequestItem['tool_calls'] {
  const names = /\bcall=([\w,]+)/.exec(JSON.stringify(content))?.[1]?.split(',') ?? [];
  const runsAtOnce = (name: string): boolean =>
    agent?.tools.some((tool) => tool.name === name) === true &&
    !agent.tool_rules.some(({ tool_name, type }) => tool_name === name && type === 'requires_approval');
  return names
    .filter((name) => !runsAtOnce(name))
    .map((name, at) => ({
      name,
      arguments: JSON.stringify({ x: `v${at}` }),
      tool_call_id: `call_${crypto.randomUUID()}`,
    }));
}

/** The run and step of a message, and when it was made and stored. */
interface Place {
  readonly run: Run;
  readonly step_id?: string | null;
  readonly asked: string;
  /** By which its conversation is sorted. @default asked */
  readonly stored?: string;
  readonly isInDefault?: boolean;
}

function storeItem(
  store: RunStore,
  { run, step_id = null, asked, stored = asked, isInDefault = false }: Place,
  type: WireItem['message_type'],
  keys: object,
): void {
  const id = `message-${crypto.randomUUID()}`;
  const source = { id, run_id: run.id, created_at: asked, step_id };
  const index = type === 'approval_response_message' ? null : 0;
  const items = [
    itemOf(source, type, index, type === 'approval_request_message' ? { otid: id, ...keys } : keys),
  ];
  store.messages.insert([{ id, run_id: run.id, created_at: stored, items, is_in_default: isInDefault }]);
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
