import type { AgentRow } from '../model/rows.ts';
import type { RunStore } from '../store/store.ts';
import {
  bool,
  int,
  PAGE,
  readParameters,
  requireId,
  rowLimit,
  text,
  texts,
  type Values,
} from './parameters.ts';
import { type ApiRequest, errorReply, HttpError, jsonReply, type Reply } from './reply.ts';

const DEFAULT_LIMIT = 50;

const INCLUDE = { include: texts };

const LIST = {
  name: text,
  query_text: text,
  tags: texts,
  match_all_tags: bool,
  show_hidden_agents: bool,
  ...PAGE,
  limit: int(),
  ...INCLUDE,
};

/** `GET /v1/agents/{agent_id}`: also hidden ones. */
export function retrieveAgent({ agents }: RunStore, request: ApiRequest, id: string): Reply {
  const { include } = readParameters(request.query, INCLUDE);
  requireId('agent', id);
  const row = agents.find(id);
  if (row?.organization_id !== request.actor.organizationId) {
    return errorReply(404, `Agent with ID ${id} not found`);
  }
  return jsonReply(wireAgent(row, showsTags(request, include)));
}

/**
 * `GET /v1/agents/`. Unlike runs, agents have cursors as documented: `after` and `before` name the agents that
 * the page follows and precedes in list order. An unknown one is ignored.
 */
export function listAgents({ agents }: RunStore, request: ApiRequest): Reply {
  const given = readParameters(request.query, LIST);
  const { include, order, before, after, limit = DEFAULT_LIMIT } = given;
  const sign = order === 'asc' ? 1 : -1;
  const compare = (a: AgentRow, b: AgentRow): number => (positionOf(a) < positionOf(b) ? -sign : sign);
  const isBeyond = (id: string | undefined, side: number): ((row: AgentRow) => boolean) => {
    const cursor = id ? agents.find(id) : undefined;
    return (row) => cursor === undefined || (row.id !== cursor.id && compare(row, cursor) === side);
  };
  const rows = agents
    .all(request.actor.organizationId)
    .filter((row) => matches(row, given))
    .filter(isBeyond(after, 1))
    .filter(isBeyond(before, -1))
    .toSorted(compare)
    // Zero is no limit.
    .slice(0, rowLimit(limit) || Infinity);
  const withTags = showsTags(request, include);
  return jsonReply(`[${rows.map((row) => wireAgent(row, withTags)).join(',')}]`);
}

function positionOf({ created_at, id }: AgentRow): string {
  return `${created_at} ${id}`;
}

/** An empty text is no filter. */
function matches(row: AgentRow, filters: Values<typeof LIST>): boolean {
  const { name, tags, query_text: part, match_all_tags: all, show_hidden_agents: showsHidden } = filters;
  if (row.hidden === 1n && showsHidden !== true) return false;
  if (name && row.name !== name) return false;
  if (part && !likeContaining(part).test(row.name)) return false;
  if (tags === undefined) return true;
  const own: readonly string[] = JSON.parse(row.tags);
  return all ? tags.every((tag) => own.includes(tag)) : tags.some((tag) => own.includes(tag));
}

/** The pattern `%text%` of SQL's `ILIKE`, in which the text can have wildcards and escapes of its own. */
function likeContaining(part: string): RegExp {
  const source = `%${part}%`.replaceAll(/\\[^]|[^]/gu, (token) => {
    if (token === '%') return '[^]*';
    if (token === '_') return '[^]';
    return RegExp.escape(token.length > 1 && token.startsWith('\\') ? token.slice(1) : token);
  });
  return new RegExp(`^${source}$`, 'iu');
}

/** Tags are a relation, which version 1 of the official clients gets only if it asks for it. */
function showsTags({ headers }: ApiRequest, include: readonly string[] | undefined): boolean {
  return include?.includes('agent.tags') ?? headers['x-stainless-package-version'] === undefined;
}

/** @throws HttpError 500 for an agent that Letta can't read */
function wireAgent({ json, llm_config }: AgentRow, withTags: boolean): string {
  if (llm_config === null) throw new HttpError(errorReply(500, 'An unknown error occurred'));
  return withTags ? json : JSON.stringify({ ...JSON.parse(json), tags: [] });
}
