/** The maximum number of rows in one list response of the runs API. */
export const MAX_LIST_ROWS = 1000;
/** The `limit` of each list that every server takes by its own documentation. */
export const LIST_PAGES = {
  runs: MAX_LIST_ROWS,
  steps: 200,
  messages: 200,
  agents: 200,
  conversations: 200,
} as const;
export type ListKind = keyof typeof LIST_PAGES;
/** The most messages of a conversation that are read for a page: all of them from an end of it, 200 by a request. */
export const MAX_CONVERSATION_MESSAGES = 10_000;
/** The number of rows if none is given: the API's own default. */
export const DEFAULT_LIST_ROWS = 100;
/**
 * The number of steps or messages of a run that its price assumes if none is given. A page may have up to
 * {@link DEFAULT_LIST_ROWS}, but few runs have as many: on a real server a run had 21 messages on average.
 */
export const ASSUMED_RUN_ITEMS = 25;
/**
 * The maximum number of runs that are cancelled at once. Letta cancels those of one request one after the
 * other, each within a third of a second to one, and has to answer before the deadline.
 */
export const MAX_CANCELLED_RUNS = 10;
/** The maximum number of ids in `nodes`. */
export const MAX_NODES = 1000;
/** The maximum number of runs, agents and periods that a field of statistics shows, and of runs whose steps it adds up. */
export const MAX_STATISTICS_ROWS = 1000;
/** The maximum number of failed runs that are put into groups, and of these groups. */
export const MAX_GROUPED_FAILURES = 500;
export const MAX_FAILURE_GROUPS = 100;
/** Characters in a name, in a tag, and in a text that is searched for. */
export const MAX_SEARCHED_TEXT = 200;
export const MAX_TAGS = 100;
/** Conditions on metadata in one argument; characters of a path, and of a value as JSON. */
export const MAX_METADATA_FILTERS = 10;
export const MAX_PATH_LENGTH = 200;
export const MAX_EQUALS_LENGTH = 1000;
/** Characters of the message of a failure. */
export const MAX_FAILURE_MESSAGE = 300;
/** The maximum number of answers to one request for an approval, and of characters of a reason. */
export const MAX_ANSWERS = 100;
export const MAX_REASON = 1000;
/** The most agents in one filter: so many ids of the usual length fit into one address, beside other filters. */
export const MAX_FILTERED_AGENTS = 130;
