import type { MessageRow } from '../model/message.ts';
import type { RunRow } from '../model/run.ts';
import type { RunStore } from '../store/store.ts';
import { readPythonJson } from '../wire/python-json.ts';

const REASON = 'The user cancelled the request, so the tool call was denied.';

/**
 * Returns the request for approval that a run ends with. Letta looks at the last message in the context of the agent,
 * which is not stored here.
 */
export function openApproval(store: RunStore, runId: string): MessageRow | undefined {
  const [last] = store.messages.list(runId, { ascending: false, limit: 1 });
  return last?.role === 'approval' && idsOfCalls(last).length > 0 ? last : undefined;
}

/** Stores what Letta stores when a run is cancelled that waits for approval: the answer no, and an error of each call. */
export function denyApproval(store: RunStore, run: RunRow, request: MessageRow, at: string): void {
  const ids = idsOfCalls(request);
  const status = 'Failed';
  const message = `Error: request to call tool denied. User reason: ${REASON}`;
  const response = JSON.stringify({ status, message, time: at });
  const shared = {
    run_id: run.id,
    agent_id: run.agent_id,
    organization_id: run.organization_id,
    created_at: at,
  };
  store.messages.insert([
    {
      ...shared,
      id: `message-${crypto.randomUUID()}`,
      role: 'approval',
      content: [],
      approvals: ids.map((id) => ({ type: 'approval', tool_call_id: id, approve: false, reason: REASON })),
      approval_request_id: request.id,
    },
    {
      ...shared,
      id: `message-${crypto.randomUUID()}`,
      role: 'tool',
      step_id: request.step_id,
      content: [{ type: 'text', text: response }],
      tool_call_id: ids[0] ?? null,
      tool_returns: ids.map((id) => ({ tool_call_id: id, status: 'error', func_response: response })),
    },
  ]);
}

function idsOfCalls({ tool_calls }: MessageRow): string[] {
  const calls = readPythonJson(tool_calls);
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call: unknown) => {
    const id: unknown = call instanceof Map ? call.get('id') : undefined;
    return typeof id === 'string' ? [id] : [];
  });
}
