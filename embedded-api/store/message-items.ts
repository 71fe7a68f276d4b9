import type { RunEnumValue } from '../../src/runs/run-enums.ts';

/** An item of a list of messages as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly message_type: RunEnumValue<'message_type'>;
  readonly step_id: string | null;
  readonly [key: string]: unknown;
}

/** Makes an item as it is sent: the keys of its type follow the keys of all items. @param index in its message */
export function itemOf(
  { id, run_id, created_at, step_id = null, name, is_err }: ItemSource,
  message_type: WireItem['message_type'],
  index: number,
  keys: object,
): WireItem {
  // Letta sends whole seconds, and false as null.
  const date = `${created_at.slice(0, 19)}+00:00`;
  const suffix = index.toString(16).padStart(2, '0');
  const numbered = `${id.slice('message-'.length, -2)}${suffix}`;
  const isAnswer = message_type === 'approval_response_message';
  const otid = isAnswer ? null : message_type === 'approval_request_message' ? id : numbered;
  const shared = { id, date, name: name ?? null, message_type, otid, sender_id: null, step_id };
  return { ...shared, is_err: is_err ? true : null, seq_id: null, run_id, ...keys };
}

/** The run that stores messages, and the generator of their ids. */
export interface Author {
  readonly run: Readonly<{ id: string }>;
  readonly newId: (prefix: 'message') => string;
}

/** The properties of an item that it doesn't share with other items of its message. */
export type Part = readonly [type: WireItem['message_type'], keys: object];

/** Properties of some messages: the step, the tool that answers, whether it failed, and the call that hides them. */
export interface Source extends Partial<Readonly<Record<'name' | 'omitted_with', string>>> {
  readonly step_id?: string | null;
  readonly is_err?: boolean;
  readonly is_in_default?: boolean;
}

/** The properties that all items of one message share. */
type ItemSource = Source & Readonly<Record<'id' | 'run_id' | 'created_at', string>>;

/** Makes a message as it is stored. */
export function messageOf(
  { run, newId }: Author,
  created_at: string,
  parts: readonly Part[],
  source: Source = {},
) {
  const shared = { id: newId('message'), run_id: run.id, created_at };
  const { omitted_with = null, is_in_default = null } = source;
  const items = parts.map(([type, keys], index) => itemOf({ ...shared, ...source }, type, index, keys));
  return { ...shared, items, omitted_with, is_in_default };
}

/** A tool call as it is sent; the arguments are JSON. */
export type WireCall = Readonly<Record<'name' | 'arguments' | 'tool_call_id', string>>;

/** An approval request as it is sent. */
export interface RequestItem extends WireItem {
  readonly run_id: string;
  readonly tool_calls: readonly WireCall[];
}

/** The answer for one call: of a person, or `tool` for what a client's tool returned. */
export interface Decision extends Partial<Readonly<Record<'tool_return' | 'status', string>>> {
  readonly type: 'approval' | 'tool';
  readonly tool_call_id: string;
  readonly approve?: boolean;
  readonly reason?: string | null;
}

export function callKeys(...tool_calls: readonly WireCall[]): object {
  return { tool_call: tool_calls[0], tool_calls };
}

/** The keys of an item with the result of a tool call, and with those of other calls. */
export function returnKeys(
  tool_call_id: string,
  tool_return: string,
  isError: boolean,
  ...others: readonly object[]
) {
  const status = isError ? 'error' : 'success';
  const sent = { tool_return, status, tool_call_id, stdout: null, stderr: null };
  return { ...sent, tool_returns: [{ type: 'tool', ...sent }, ...others] };
}

/** Makes the denial of a request by a cancel, and what its calls returned: in the default conversation. */
export function denialByCancel(author: Author, request: RequestItem, at: string) {
  const reason = 'The user cancelled the request, so the tool call was denied.';
  const decisions = request.tool_calls.map(
    ({ tool_call_id }) => ({ type: 'approval', tool_call_id, approve: false, reason }) as const,
  );
  return answerOf(author, request, at, decisions, { is_in_default: true });
}

/** Makes the response to a request. Its deprecated keys have the first decision alone. */
export function responseOf(author: Author, at: string, decisions: readonly Decision[], source?: Source) {
  const [first] = decisions;
  const approvals = decisions.map((each) =>
    each.type === 'tool' ? { ...each, stdout: null, stderr: null } : { ...each, reason: each.reason ?? null },
  );
  const approval_request_id = first?.type === 'approval' ? first.tool_call_id : null;
  const [approve, reason] = [first?.approve ?? null, first?.reason ?? null];
  const keys = { approvals, approve, approval_request_id, reason };
  return messageOf(author, at, [['approval_response_message', keys]], source);
}

/** Makes the response to a request, and a message with what its calls returned. @param results of approved tools */
export function answerOf(
  author: Author,
  { tool_calls, step_id }: RequestItem,
  at: string,
  decisions: readonly Decision[],
  source: Source = {},
  results: Readonly<Record<string, string>> = {},
) {
  const returns = decisions.map(({ tool_call_id, approve, reason, tool_return, status }) => {
    const denial = `Error: request to call tool denied. User reason: ${reason ?? 'None'}`;
    const { name = '' } = tool_calls.find((call) => call.tool_call_id === tool_call_id) ?? {};
    const text = tool_return ?? (approve ? (results[name] ?? `did ${name}`) : denial);
    return [tool_call_id, text, status === 'error' || approve === false] as const;
  });
  const [first = ['', '', false] as const, ...others] = returns;
  const keys = returnKeys(...first, ...others.flatMap((each) => returnKeys(...each).tool_returns));
  const returned: Part = ['tool_return_message', keys];
  return [
    responseOf(author, at, decisions, source),
    messageOf(author, at, [returned], { ...source, step_id }),
  ];
}
