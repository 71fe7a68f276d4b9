import { isObject } from '../../../json/parse-json.ts';
import { type AgentApprovals, type ApprovalRequest, isRequest } from '../../../runs/approvals.ts';
import { DecodeError } from './decode-error.ts';
import { decodeMessages } from './decode-messages.ts';
import { FIELD_READERS, type JsonObject } from './field-readers.ts';
import { asObject } from './read-fields.ts';

/** Decodes what an agent waits for, and the names of its tools and rules. @throws DecodeError */
export function decodeAgentApprovals(json: unknown): AgentApprovals {
  const agent = asObject(json, 'an agent');
  const { tools, tool_rules: rules, pending_approval: pending, message_buffer_autoclear: isCleared } = agent;
  return {
    id: FIELD_READERS.id(agent['id'], null, 'id'),
    agentType: FIELD_READERS.text(agent['agent_type'], null, 'agent_type'),
    clearsMessages: isCleared === true,
    pending: pending === null ? null : requestOf(pending),
    tools: namesIn(tools, 'name', () => true),
    guarded: namesIn(rules, 'tool_name', ({ type }) => type === 'requires_approval'),
  };
}

/** Servers that are older than the field lack the key. */
function requestOf(pending: unknown): ApprovalRequest | undefined {
  if (pending === undefined) return undefined;
  const [message] = decodeMessages([pending]);
  if (isRequest(message)) return message;
  throw new DecodeError(null, 'pending_approval', 'a request for an approval', pending);
}

function namesIn(list: unknown, key: string, isMeant: (item: JsonObject) => boolean): ReadonlySet<string> {
  const items = Array.isArray(list) ? list.filter(isObject).filter(isMeant) : [];
  return new Set(items.map((item) => item[key]).filter((name) => typeof name === 'string'));
}
