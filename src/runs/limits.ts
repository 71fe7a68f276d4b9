/** Rows of one answer of the runs API, at most. */
export const MAX_LIST_ROWS = 1000;
/** Rows of an answer where no number was asked for: the API's own default. */
export const DEFAULT_LIST_ROWS = 100;
