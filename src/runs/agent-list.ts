import type { FilterKind, FilterOf } from '../lists/filters.ts';
import type { ListDefinition } from '../lists/list.ts';
import type { Agent } from './agent.ts';
import { IDS } from './ids.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS } from './limits.ts';

/**
 * The filters of a list of agents, by the names of their GraphQL arguments and in their order.
 */
const AGENT_FILTERS = {
  name: filter('name', (agent, given: string) => agent.read('name') === given),
  search: filter('query_text', (agent, pattern: string) => contains(agent.read('name') ?? '', pattern)),
  tags: filter('tags', (agent, tags: readonly string[]) =>
    tags.some((tag) => agent.read('tags')?.includes(tag)),
  ),
} as const;

/** They are combined with AND, the values of one filter with OR. */
export type AgentFilter = FilterOf<typeof AGENT_FILTERS>;

/** The list of agents, sorted by time of creation, ties by id. Without `include`, the API also loads their tools. */
export const AGENT_LIST: ListDefinition<Agent> = {
  row: 'an agent',
  path: 'v1/agents/',
  query: 'include=agent.tags',
  positionOf: ({ createdInstant, id }) => ({ key: createdInstant, id }),
  cursors: { pattern: IDS.agent.pattern, listedPattern: IDS.agent.pattern },
  filters: AGENT_FILTERS,
  longFilter: 'tags',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
};

/** The characters that stand for others in a pattern of SQL's `ILIKE`, to which the API adds `%` on both sides. */
const WILDCARDS = /[\\%_]/g;

/** Returns the pattern by which the API finds names that contain a text, in any case. */
export function patternOf(text: string): string {
  return text.replaceAll(WILDCARDS, String.raw`\$&`);
}

/** Which letters are the same in another case depends on the database, but for those of ASCII. */
function contains(name: string, pattern: string): boolean {
  const text = pattern.replaceAll(/\\(.)/gs, '$1');
  const isPlain = /^[\0-\x7f]*$/.test(name + text);
  return !isPlain || name.toLowerCase().includes(text.toLowerCase());
}

function filter<Value>(
  parameter: string,
  matches: FilterKind<Agent, Value>['matches'],
): FilterKind<Agent, Value> {
  return {
    parameter,
    matches(agent, value) {
      try {
        return matches(agent, value);
      } catch {
        // What can't be read is no proof that a filter was ignored.
        return true;
      }
    },
  };
}
