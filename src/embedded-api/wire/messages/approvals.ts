import { laxBoolean } from '../lax-boolean.ts';
import type { PythonValue } from '../python-json.ts';
import { validationError } from '../validation-error.ts';
import { item, type Item } from './items.ts';
import { MODELS, problemsOf, type Read } from './models.ts';
import type { StoredMessage, ToolCall } from './stored-message.ts';
import { readResponse, sentReturn } from './tool-returns.ts';

export function callValue(call: ToolCall): Read {
  return new Map(Object.entries(call));
}

/** A request for approval has no derived `otid`, and never an error. */
export function approvalRequest({ row, toolCalls: [first, ...others] }: StoredMessage): Item[] {
  if (first === undefined) return [];
  const calls = [first, ...others].map(callValue);
  return [
    item(row, 'approval_request_message', row.otid, { tool_call: callValue(first), tool_calls: calls }, [
      'is_err',
    ]),
  ];
}

/** @throws RowError for a message that answers nothing */
export function approvalResponse({ row, approvals }: StoredMessage): Item {
  const sent = approvals.length > 0 ? approvals.map(sentApproval) : [legacyApproval(row)];
  const first = sent.find((approval) => approval.get('type') === 'approval');
  return item(
    row,
    'approval_response_message',
    row.otid,
    {
      approvals: sent,
      approve: first?.get('approve') ?? null,
      approval_request_id: first?.get('tool_call_id') ?? null,
      reason: first?.get('reason') ?? null,
    },
    ['name', 'sender_id', 'step_id', 'is_err'],
  );
}

function sentApproval({ type, fields }: StoredMessage['approvals'][number]): Read {
  if (type === 'approval') return new Map<string, PythonValue>([['type', type], ...fields]);
  return sentReturn({
    message: readResponse(fields.get('func_response') ?? null).message,
    status: fields.get('status') ?? null,
    id: fields.get('tool_call_id') ?? null,
    from: fields,
  });
}

/** From the columns that older versions wrote. */
function legacyApproval({ approval_request_id, approve, denial_reason }: StoredMessage['row']): Read {
  const fields = new Map<string, PythonValue>([
    ['tool_call_id', approval_request_id],
    ['approve', approve === null ? null : approve === 1n],
    ['reason', denial_reason],
  ]);
  const problems = problemsOf(MODELS.ApprovalReturn, fields);
  if (problems.length > 0) throw validationError(problems, 'ApprovalReturn');
  return new Map<string, PythonValue>([
    ['type', 'approval'],
    ...fields,
    ['approve', laxBoolean(fields.get('approve') ?? null).boolean ?? null],
  ]);
}
