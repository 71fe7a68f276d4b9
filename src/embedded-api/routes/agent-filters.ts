import type { AgentRow } from '../model/agent.ts';

/** The parameters of a list of agents that filter; an empty text is no filter. */
interface AgentFilters {
  readonly name: string | undefined;
  readonly query_text: string | undefined;
  readonly tags: readonly string[] | undefined;
  readonly match_all_tags: boolean | undefined;
  readonly project_id: string | undefined;
  readonly template_id: string | undefined;
  readonly base_template_id: string | undefined;
  readonly identity_id: string | undefined;
  readonly identifier_keys: readonly string[] | undefined;
  readonly show_hidden_agents: boolean | undefined;
  readonly last_stop_reason: string | undefined;
  readonly created_by_id: string | undefined;
}

const EQUAL = [
  'name',
  'project_id',
  'template_id',
  'base_template_id',
  'last_stop_reason',
  'created_by_id',
] as const;

export function matchesAgent(row: AgentRow, filters: AgentFilters): boolean {
  // No agent here has an identity.
  if (filters.identity_id || filters.identifier_keys) return false;
  if (row.hidden === 1n && filters.show_hidden_agents !== true) return false;
  if (EQUAL.some((name) => filters[name] && row[name] !== filters[name])) return false;
  if (filters.query_text && !likeContaining(filters.query_text).test(row.name)) return false;
  return filters.tags === undefined || matchesTags(row, filters.tags, filters.match_all_tags === true);
}

function matchesTags(row: AgentRow, tags: readonly string[], all: boolean): boolean {
  const own: unknown = JSON.parse(row.tags);
  const has = (tag: string): boolean => Array.isArray(own) && own.includes(tag);
  return all ? tags.every(has) : tags.some(has);
}

/** The pattern `%text%` of SQL's `ILIKE`, in which the text can have wildcards and escapes of its own. */
function likeContaining(text: string): RegExp {
  const source = `%${text}%`.replaceAll(/\\[^]|[^]/gu, (part) => {
    if (part === '%') return '[^]*';
    if (part === '_') return '[^]';
    return RegExp.escape(part.length > 1 && part.startsWith('\\') ? part.slice(1) : part);
  });
  return new RegExp(`^${source}$`, 'iu');
}
