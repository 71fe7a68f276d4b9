import type { ListDefinition } from '../lists/list.ts';
import type { Agent } from './agent-fields.ts';
import { type ArgumentType, listOf, type RowFilter, text } from './argument-types.ts';
import { IDS } from './ids.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS, MAX_SEARCHED_TEXT, MAX_TAGS } from './limits.ts';

/** The filters of a list of agents, by the names of their GraphQL arguments and in their order. */
const AGENT_FILTERS = {
  name: lenientFilter({
    parameter: 'name',
    argument: text(MAX_SEARCHED_TEXT),
    description: `Only agents with exactly this name, 1 to ${MAX_SEARCHED_TEXT} characters.`,
    matches: (agent: Agent, name) => agent.name === name,
  }),
  search: lenientFilter({
    parameter: 'query_text',
    argument: pattern(text(MAX_SEARCHED_TEXT)),
    description: `Only agents whose name contains this text, in any case, 1 to ${MAX_SEARCHED_TEXT} characters (REST: \`query_text\`). \`%\` and \`_\` stand for themselves.`,
    matches: (agent: Agent, sought) => contains(agent.name ?? '', sought),
  }),
  tags: lenientFilter({
    parameter: 'tags',
    argument: listOf(text(MAX_SEARCHED_TEXT), MAX_TAGS),
    description: `Only agents with at least one of these tags, at most ${MAX_TAGS}.`,
    matches: (agent: Agent, tags) => tags.some((tag) => agent.tags?.includes(tag)),
  }),
} as const;

/** The list of agents, sorted by time of creation, ties by id. Without `include`, the API also loads their tools. */
export const AGENT_LIST = {
  name: 'agents',
  noun: 'agent',
  path: 'v1/agents/',
  query: 'include=agent.tags',
  positionOf: ({ createdInstant, id }) => ({ key: createdInstant, id }),
  cursors: IDS.agent,
  dialect: { expected: 'documented' },
  filters: AGENT_FILTERS,
  longFilter: 'tags',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
} as const satisfies ListDefinition<Agent>;

/** The wildcards and the escape of a pattern of SQL's `LIKE`, to which the API adds `%` on both sides. */
const WILDCARDS = /[\\%_]/g;

/** Reads a text as the pattern by which the API finds texts that contain it. */
export function pattern({ read, ...type }: ArgumentType<string, string>): ArgumentType<string, string> {
  return { ...type, read: (input, name) => read(input, name).replaceAll(WILDCARDS, String.raw`\$&`) };
}

/**
 * Whether a text contains another one in any case. True is assumed where that depends on the database: for texts beyond
 * ASCII, and for names with Turkish letters of i.
 */
export function contains(name: string, sought: string): boolean {
  const plain = sought.replaceAll(/\\(.)/gs, '$1').toLowerCase();
  return !/^[\0-\x7f]*$/.test(plain) || /[ıİ]/.test(name) || name.toLowerCase().includes(plain);
}

/** Makes a filter match rows whose fields can't be read, instead of throwing. */
export function lenientFilter<Row, Input, Value>(
  kind: RowFilter<Row, Input, Value>,
): RowFilter<Row, Input, Value> {
  return {
    ...kind,
    matches(row, value) {
      try {
        return kind.matches(row, value);
      } catch {
        // A field that can't be read is no proof that a filter was ignored.
        return true;
      }
    },
  };
}
