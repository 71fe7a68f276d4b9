import { STOP_REASONS } from '../model/enum-values.ts';
import { bool, choice, choices, int, text, texts } from './query-parameters.ts';
import type { ApiRequest } from './router.ts';

/** What of an agent is sent beyond its own columns; lists and single agents have the same parameters. */
export const INCLUDE_PARAMETERS = {
  include_relationships: texts,
  include: choices([
    'agent.blocks',
    'agent.identities',
    'agent.managed_group',
    'agent.pending_approval',
    'agent.secrets',
    'agent.sources',
    'agent.tags',
    'agent.tools',
  ]),
};

const BY_NAME_AND_TAGS = { name: text, tags: texts, match_all_tags: bool };

const BY_ORIGIN = {
  query_text: text,
  project_id: text,
  template_id: text,
  base_template_id: text,
  identity_id: text,
  identifier_keys: texts,
};

const BY_STATE = {
  show_hidden_agents: bool,
  last_stop_reason: choice('enum', STOP_REASONS),
  created_by_id: text,
};

/** The query parameters of `GET /v1/agents/` that do something or can be invalid, in Letta's order of declaration. */
export const AGENT_LIST_PARAMETERS = {
  ...BY_NAME_AND_TAGS,
  before: text,
  after: text,
  limit: int(),
  ...BY_ORIGIN,
  ...INCLUDE_PARAMETERS,
  order: choice('literal_error', ['asc', 'desc']),
  order_by: choice('literal_error', ['created_at', 'updated_at', 'last_run_completion']),
  ascending: bool,
  ...BY_STATE,
};

/** The query parameters of `GET /v1/agents/count`, likewise. */
export const AGENT_COUNT_PARAMETERS = { ...BY_NAME_AND_TAGS, ...BY_ORIGIN, ...BY_STATE };

interface Include {
  readonly include_relationships: readonly string[] | undefined;
  readonly include: readonly string[] | undefined;
}

/**
 * Whether the tags of agents are sent, which are relations of theirs. `include` wins over `include_relationships`;
 * without either, all relations are sent, but none to clients of version 1.
 */
export function showsTags(request: ApiRequest, { include, include_relationships }: Include): boolean {
  if (include !== undefined) return include.includes('agent.tags') || include.includes('agent.blocks');
  if (include_relationships === undefined) return !isVersion1(request);
  return include_relationships.includes('tags') || include_relationships.includes('memory');
}

/** Whether a request comes from version 1 of the official clients, as which one without a `User-Agent` counts. */
function isVersion1({ headers }: ApiRequest): boolean {
  const { 'x-stainless-package-version': version, 'user-agent': agent = '' } = headers;
  if (version !== undefined && version !== '') return true;
  return agent === '' || /^(?:@letta-ai\/)?letta-client\/1\.[^/]*$/.test(agent);
}
