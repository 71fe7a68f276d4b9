import type { AgentRow } from '../model/agent.ts';
import type { AgentStore } from '../store/agent-store.ts';
import { wireAgent } from '../wire/agent.ts';
import { writeEach } from '../wire/row-error.ts';
import { requestActor } from './actor.ts';
import { matchesAgent } from './agent-filters.ts';
import { compareAgents, isBeyond, type SortColumn } from './agent-order.ts';
import {
  AGENT_COUNT_PARAMETERS,
  AGENT_LIST_PARAMETERS,
  INCLUDE_PARAMETERS,
  showsTags,
} from './agent-parameters.ts';
import { rejectNul } from './list-parameters.ts';
import { rowLimit } from './page-parameters.ts';
import { readParameters } from './query-parameters.ts';
import { errorReply, jsonReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

const DEFAULT_LIMIT = 50;

/** `GET /v1/agents/{agent_id}`: also hidden ones. */
export function retrieveAgent(agents: AgentStore, request: ApiRequest, id: string): Reply {
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, INCLUDE_PARAMETERS, { agent_id: id });
  const row = agents.find(id);
  if (row?.organization_id !== organizationId) return errorReply(404, `Agent with ID ${id} not found`);
  return jsonReply(200, wireAgent(row, showsTags(request, params)));
}

/**
 * `GET /v1/agents/`. Unlike runs, agents have cursors as documented: `after` and `before` name the agents that
 * the page follows and precedes in list order.
 */
export function listAgents(agents: AgentStore, request: ApiRequest): Reply {
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, AGENT_LIST_PARAMETERS);
  const { include: _include, include_relationships: _relationships, ...values } = params;
  rejectNul(textsIn(values));
  const column = params.order_by ?? 'created_at';
  const ascending = params.order === 'asc';
  const rows = agents
    .all(organizationId)
    .filter((row) => matchesAgent(row, params))
    .filter(isFollowing(agents, params.after, column, ascending))
    .filter(isFollowing(agents, params.before, column, !ascending))
    .toSorted((a, b) => compareAgents(a, b, column, ascending))
    .slice(0, sliceEnd(params.limit));
  const withTags = showsTags(request, params);
  return jsonReply(200, `[${writeEach(rows, (row) => wireAgent(row, withTags)).join(',')}]`);
}

/** `GET /v1/agents/count`: of those that a list without a limit would have. */
export function countAgents(agents: AgentStore, request: ApiRequest): Reply {
  const { organizationId } = requestActor(request);
  const params = readParameters(request.query, AGENT_COUNT_PARAMETERS);
  rejectNul(textsIn(params));
  const rows = agents.all(organizationId).filter((row) => matchesAgent(row, params));
  return jsonReply(200, String(rows.length));
}

/** All values of some parameters, as texts. */
function textsIn(values: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.values(values).flatMap((value) =>
    Array.isArray(value) ? value.map(String) : [String(value)],
  );
}

/** An empty cursor counts as absent, and an unknown one is ignored; one of another organization isn't. */
function isFollowing(
  agents: AgentStore,
  id: string | undefined,
  column: SortColumn,
  forward: boolean,
): (row: AgentRow) => boolean {
  const cursor = id ? agents.find(id) : undefined;
  return cursor === undefined ? () => true : (row) => isBeyond(row, cursor, column, forward);
}

/** Zero is no limit. @throws HttpError (500) for what PostgreSQL refuses. */
function sliceEnd(limit = DEFAULT_LIMIT): number {
  return limit === 0 ? Infinity : rowLimit(limit);
}
