import type { RunEnumValue } from '../../src/runs/run-enums.ts';

/** An item of a list of messages as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly message_type: RunEnumValue<'message_type'>;
  readonly step_id: string | null;
  readonly [key: string]: unknown;
}

/** The values that all items of one message share; `is_err` is whether the message tells of an error. */
interface ItemSource extends Readonly<Record<'id' | 'run_id' | 'created_at', string>> {
  readonly step_id: string | null;
  readonly name?: string | null;
  readonly is_err?: boolean;
}

/**
 * Makes an item as it is sent: the keys of its type follow the keys of all items.
 * @param index of the item in its message, by which it has an `otid`; null if it has none
 */
export function itemOf(
  { id, run_id, created_at, step_id, name = null, is_err }: ItemSource,
  message_type: WireItem['message_type'],
  index: number | null,
  keys: object,
): WireItem {
  // Letta sends whole seconds, and false as null.
  const date = `${created_at.slice(0, 19)}+00:00`;
  const suffix = index?.toString(16).padStart(2, '0');
  const otid = suffix === undefined ? null : `${id.slice('message-'.length, -2)}${suffix}`;
  const shared = { id, date, name, message_type, otid, sender_id: null, step_id };
  return { ...shared, is_err: is_err ? true : null, seq_id: null, run_id, ...keys };
}

/** A tool call as it is sent; the arguments are JSON. */
export type WireCall = Readonly<Record<'name' | 'arguments' | 'tool_call_id', string>>;

/** An approval request as it is sent. */
export interface RequestItem extends WireItem {
  readonly run_id: string;
  readonly tool_calls: readonly WireCall[];
}

/** The answer for one call: of a person, or `tool` for what a client's tool returned. */
export interface Decision {
  readonly type: 'approval' | 'tool';
  readonly tool_call_id: string;
  readonly approve?: boolean;
  readonly reason?: string | null;
  readonly tool_return?: string;
  readonly status?: string;
}

/** The result of one call. */
export interface ToolReturn extends Readonly<Record<'tool_call_id' | 'tool_return', string>> {
  readonly isError: boolean;
}

/** The keys of an item with tool calls. */
export function callKeys(...tool_calls: readonly WireCall[]): object {
  return { tool_call: tool_calls[0], tool_calls };
}

/** The keys of an item with the results of tool calls. */
export function returnKeys(...returns: readonly ToolReturn[]): object {
  const tool_returns = returns.map(({ tool_call_id, tool_return, isError }) => {
    const status = isError ? 'error' : 'success';
    return { type: 'tool', tool_return, status, tool_call_id, stdout: null, stderr: null };
  });
  const { type: _, ...first } = Object(tool_returns[0]);
  return { ...first, tool_returns };
}

/** The decisions by which a cancel denies a request. */
export function denialsByCancel({ tool_calls }: RequestItem): readonly Decision[] {
  const reason = 'The user cancelled the request, so the tool call was denied.';
  return tool_calls.map(({ tool_call_id }) => ({ type: 'approval', tool_call_id, approve: false, reason }));
}

/**
 * Makes the keys of the answer to a request, and of what its calls returned. Deprecated keys tell of the first decision.
 * @param resultOf what an approved tool returns; undefined if the agent has no such tool
 */
export function answerKeys(
  { tool_calls }: RequestItem,
  decisions: readonly Decision[],
  resultOf: (tool: string | undefined) => string | undefined,
): readonly [response: object, returned: object] {
  const [first] = decisions;
  const approvals = decisions.map((each) =>
    each.type === 'tool' ? { ...each, stdout: null, stderr: null } : { ...each, reason: each.reason ?? null },
  );
  const returns = decisions.map(({ tool_call_id, approve, reason, tool_return, status }): ToolReturn => {
    if (tool_return !== undefined) return { tool_call_id, tool_return, isError: status === 'error' };
    const denial = `Error: request to call tool denied. User reason: ${reason ?? 'None'}`;
    if (!approve) return { tool_call_id, tool_return: denial, isError: true };
    const result = resultOf(tool_calls.find((call) => call.tool_call_id === tool_call_id)?.name);
    return { tool_call_id, tool_return: result ?? 'Tool not found', isError: result === undefined };
  });
  const approval_request_id = first?.type === 'approval' ? first.tool_call_id : null;
  const deprecated = { approve: first?.approve ?? null, approval_request_id, reason: first?.reason ?? null };
  return [{ approvals, ...deprecated }, returnKeys(...returns)];
}
