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

/** The keys of an item with a tool call. */
export function callKeys(call: object): object {
  return { tool_call: call, tool_calls: [call] };
}

/** The keys of an item with the result of a tool call. */
export function returnKeys(tool_call_id: string, tool_return: string, isError: boolean): object {
  const status = isError ? 'error' : 'success';
  const sent = { tool_return, status, tool_call_id, stdout: null, stderr: null };
  return { ...sent, tool_returns: [{ type: 'tool', ...sent }] };
}

/** The keys of the answer to an approval request. @param reason why the call is denied; null if it is approved */
export function decisionKeys(tool_call_id: string, reason: string | null): object {
  const approve = reason === null;
  const approvals = [{ type: 'approval', tool_call_id, approve, reason }];
  return { approvals, approve, approval_request_id: tool_call_id, reason };
}
