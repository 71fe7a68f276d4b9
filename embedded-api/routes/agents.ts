import type { Agent } from '../store/run-store.ts';
import { pendingIn } from '../store/stored-conversations.ts';
import { AGENT, wireText } from '../store/wire-format.ts';
import { PAGE, pageText } from './paging.ts';
import { readParameters, requireId, text, texts, type Values } from './parameters.ts';
import { type Call, failure } from './request-reply.ts';

const LIST = {
  name: text,
  query_text: text,
  tags: texts,
  ...PAGE,
};

/** `GET /v1/agents/{agent_id}`: hidden agents too. */
export function retrieveAgent(call: Call): string {
  return wireAgent(call, requireAgent(call, `Agent with ID ${call.id} not found`));
}

/** @throws HttpError 422 for a malformed id, 404 for an unknown one */
export function requireAgent(call: Call, unknown = 'Agent not found'): Agent {
  requireId('agent', call.id);
  const agent = call.store.agents.find(call.id);
  if (agent?.organization_id !== call.actor.organizationId) throw failure(404, unknown);
  return agent;
}

/**
 * `GET /v1/agents/`. Unlike runs, agents have cursors as documented: `after` and `before` name the agents that
 * the page follows and precedes in list order. An unknown cursor is ignored.
 */
export function listAgents(call: Call): string {
  const { agents } = call.store;
  const parameters = readParameters(call.query, LIST);
  const page = {
    isAscending: parameters.order === 'asc',
    // Zero is no limit.
    limit: parameters.limit || Infinity,
    following: agents.find(parameters.after ?? ''),
    preceding: agents.find(parameters.before ?? ''),
  };
  const isListed = (agent: Agent): boolean => matches(agent, parameters);
  return pageText(agents.of(call.actor.organizationId), page, isListed, (agent) => wireAgent(call, agent));
}

/** An empty text is no filter, and hidden agents are in no list. */
function matches(agent: Agent, { name, tags, query_text: part }: Values<typeof LIST>): boolean {
  if (agent.hidden || (name && agent.name !== name)) return false;
  if (part && !isLike(agent.name, part, 'isu')) return false;
  return tags === undefined || tags.some((tag) => agent.tags.includes(tag));
}

/** Whether a value is like `%part%` in SQL, where the part can have wildcards and escapes of its own. */
export function isLike(value: string, part: string, flags: 'isu' | 'su'): boolean {
  const source = part.replaceAll(/\\?([^])/gu, (token, character) => {
    if (token === '%') return '.*';
    return token === '_' ? '.' : RegExp.escape(character);
  });
  return new RegExp(source, flags).test(value);
}

/**
 * Sends the model's handle as `model` too. Without `include`, tags and tools are sent, but no pending approval.
 * @throws HttpError 500 for an agent that Letta can't read
 */
function wireAgent({ store, query }: Call, agent: Agent): string {
  const { id: agent_id, organization_id, llm_config } = agent;
  if (llm_config === null) throw failure(500, 'An unknown error occurred');
  const { handle }: { handle?: unknown } = Object(llm_config);
  const included = query.getAll('include').map((part) => part.replace('agent.', ''));
  const shows = (part: string): boolean => included.length === 0 || included.includes(part);
  return wireText(AGENT, {
    ...agent,
    model: agent['model'] ?? handle,
    tags: shows('tags') ? agent.tags : [],
    tools: shows('tools') ? agent.tools : [],
    pending_approval: included.includes('pending_approval')
      ? pendingIn(store, { agent_id, organization_id, conversation_id: null })
      : null,
  });
}
