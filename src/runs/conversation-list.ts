import type { ListDefinition } from '../lists/list.ts';
import type { Order } from '../lists/position.ts';
import { contains, lenientFilter, pattern } from './agent-list.ts';
import { idOf, refuse, text } from './argument-types.ts';
import type { AgentConversation } from './conversation-fields.ts';
import { IDS } from './ids.ts';
import { instantOf } from './instants.ts';
import { DEFAULT_LIST_ROWS, MAX_LIST_ROWS, MAX_SEARCHED_TEXT } from './limits.ts';

/** The filters of a list of conversations, by the names of their GraphQL arguments and in their order. */
export const CONVERSATION_FILTERS = {
  agentId: lenientFilter({
    parameter: 'agent_id',
    argument: idOf('agent'),
    description: 'Only conversations of this agent (REST: `agent_id`).',
    matches: ({ agentId }: AgentConversation, id) => agentId === id,
  }),
  summarySearch: lenientFilter({
    parameter: 'summary_search',
    argument: pattern(text(MAX_SEARCHED_TEXT)),
    description: `Only conversations whose summary contains this text, in the same case, 1 to ${MAX_SEARCHED_TEXT} characters (REST: \`summary_search\`). \`%\` and \`_\` stand for themselves.`,
    // A database other than PostgreSQL may ignore case.
    matches: ({ summary }: AgentConversation, sought) => summary !== null && contains(summary, sought),
  }),
} as const;

const { listedPattern } = IDS.conversation;

const LIST = {
  name: 'conversations',
  noun: 'conversation',
  path: 'v1/conversations/',
  cursors: { pattern: listedPattern, listedPattern },
  // There is no other cursor than `after`.
  dialect: { forced: 'documented' },
  refusesUnknownCursors: true,
  filters: CONVERSATION_FILTERS,
  longFilter: 'summarySearch',
  maxRows: MAX_LIST_ROWS,
  defaultRows: DEFAULT_LIST_ROWS,
} as const;

/** The key of a conversation to which nothing was sent: such conversations are last. */
const NEVER = '0000-00-00T00:00:00.000000';
const keyOf = (instant: string | null): string => instantOf(instant ?? '') ?? NEVER;

/**
 * The lists of conversations by what they are sorted by, ties by id. Default conversations are in none. By last
 * message, the API's cursors work in descending order only, and its ascending order is not the reverse. So the other
 * end can't show whether a page is the last one: each request reads one row more.
 */
export const CONVERSATION_LISTS = {
  created_at: {
    ...LIST,
    positionOf: ({ createdAt, id }) => ({ key: keyOf(createdAt), id }),
    cursorsSkipTies: true,
  },
  last_message_at: {
    ...LIST,
    query: 'order_by=last_message_at',
    rowsMove: true,
    assigned: { listedBy: 'last_message_at' },
    positionOf: ({ lastMessageAt, id }) => ({ key: keyOf(lastMessageAt), id }),
    maxRows: MAX_LIST_ROWS + 1,
  },
} as const satisfies Readonly<Record<ConversationSort, ListDefinition<AgentConversation>>>;
type ConversationSort = NonNullable<AgentConversation['listedBy']>;

/** The arguments that decide how a list is read. */
interface ListDirection {
  readonly orderBy?: ConversationSort | null | undefined;
  readonly order?: Order | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
}

/** Returns the list of a field. That by last message is read from its start alone. @throws ArgumentError */
export function conversationListOf({ orderBy, order, last, before }: ListDirection) {
  if (orderBy !== 'last_message_at') return CONVERSATION_LISTS.created_at;
  for (const [name, value] of Object.entries({ last, before, order: order === 'asc' ? 'ASC' : null })) {
    if (value != null) refuse(name, `expected none with orderBy: LAST_MESSAGE_AT, but got ${value}`);
  }
  return CONVERSATION_LISTS.last_message_at;
}
