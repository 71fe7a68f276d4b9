/** The maximum number of rows in one list response of the runs API. */
export const MAX_LIST_ROWS = 1000;
/** The number of rows if none is given: the API's own default. */
export const DEFAULT_LIST_ROWS = 100;
