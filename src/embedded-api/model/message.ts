import { DEFAULT_ACTOR } from './actors.ts';
import { MESSAGE_ROLES } from './enum-values.ts';
import type { FieldTable } from './field.ts';
import type { KeptRow, NewRow } from './row.ts';

/** The columns of a stored message. What is sent is made from them: none, one or several items. */
export const MESSAGE_FIELDS = {
  id: { kind: 'text', required: true, pattern: '^message-[a-fA-F0-9]{8}' },
  role: { kind: 'text', required: true, values: MESSAGE_ROLES },
  /** A list of parts, each with a `type`. */
  content: { kind: 'json' },
  name: { kind: 'text' },
  /** A list as OpenAI has it: `{ id, type: 'function', function: { name, arguments } }`. */
  tool_calls: { kind: 'json', default: [] },
  tool_call_id: { kind: 'text' },
  /** A list of `{ tool_call_id, status, stdout, stderr, func_response }`. */
  tool_returns: { kind: 'json' },
  /** A list of approvals and of returns of tools that ran elsewhere. */
  approvals: { kind: 'json' },
  approve: { kind: 'boolean' },
  approval_request_id: { kind: 'text' },
  denial_reason: { kind: 'text' },
  is_err: { kind: 'boolean' },
  otid: { kind: 'text' },
  sender_id: { kind: 'text' },
  step_id: { kind: 'text' },
  run_id: { kind: 'text' },
  agent_id: { kind: 'text', required: true },
  organization_id: { kind: 'text', default: DEFAULT_ACTOR.organizationId },
  created_at: { kind: 'zonedTime', required: true },
} as const satisfies FieldTable;

/** A message to insert. Absent fields have defaults: the default organization, no tool calls, otherwise null. */
export type NewMessage = NewRow<typeof MESSAGE_FIELDS>;

/** A stored message as SQLite returns it. */
export type MessageRow = KeptRow<typeof MESSAGE_FIELDS>;
