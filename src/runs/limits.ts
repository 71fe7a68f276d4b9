/** The maximum number of rows in one list response of the runs API. */
export const MAX_LIST_ROWS = 1000;
/** The number of rows if none is given: the API's own default. */
export const DEFAULT_LIST_ROWS = 100;
/**
 * The maximum number of runs that are cancelled at once. Letta cancels those of one request one after the
 * other, each within a third of a second to one, and has to answer before the deadline.
 */
export const MAX_CANCELLED_RUNS = 10;
