import type { RunEnumValue } from '../../src/runs/run-enums.ts';

/** An item of a list of messages as it is sent. */
export interface WireItem {
  readonly id: string;
  readonly message_type: RunEnumValue<'message_type'>;
  readonly step_id: string | null;
  readonly [key: string]: unknown;
}

/** What all items of one message share; `is_err` is whether it tells of an error. */
interface ItemSource extends Readonly<Record<'id' | 'run_id' | 'created_at', string>> {
  readonly step_id: string | null;
  readonly name?: string | null;
  readonly is_err?: boolean;
}

/** Makes an item as it is sent: its own keys follow those that all have. */
export function itemOf(
  { id, run_id, created_at, step_id, name = null, is_err }: ItemSource,
  message_type: WireItem['message_type'],
  otid: string | null,
  own: object,
): WireItem {
  // Letta sends whole seconds, and false as null.
  const date = `${created_at.slice(0, 19)}+00:00`;
  const shared = { id, date, name, message_type, otid, sender_id: null, step_id };
  return { ...shared, is_err: is_err ? true : null, seq_id: null, run_id, ...own };
}

/** Derives the `otid` of one of several items from the id of their message. */
export function derivedOtid(id: string, index: number): string {
  return `${id.slice('message-'.length, -2)}${index.toString(16).padStart(2, '0')}`;
}

/** The own keys of an item with calls: the first one, and all of them. */
export function callKeys(calls: readonly object[]): object {
  return { tool_call: calls[0], tool_calls: calls };
}

/** The own keys of an item with what calls returned: those of the first one, and all of them. */
export function returnKeys(returns: readonly (readonly [id: string, text: string, isError: boolean])[]) {
  const sent = returns.map(([tool_call_id, tool_return, isError]) => {
    const status = isError ? 'error' : 'success';
    return { tool_return, status, tool_call_id, stdout: null, stderr: null };
  });
  return { ...sent[0], tool_returns: sent.map((each) => ({ type: 'tool', ...each })) };
}

/** The own keys of an answer to a request for approval. @param reason of the answer no; null for yes */
export function decisionKeys(tool_call_id: string, reason: string | null): object {
  const approve = reason === null;
  const approvals = [{ type: 'approval', tool_call_id, approve, reason }];
  return { approvals, approve, approval_request_id: tool_call_id, reason };
}
