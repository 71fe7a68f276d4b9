/** Characters and lines in a document; locating an error takes time for each line before it. */
export const MAX_CHARACTERS = 100_000;
export const MAX_LINES = 2_000;
/** Tokens in a document; typical documents have a few hundred. */
export const MAX_TOKENS = 5_000;
/** Selections once all fragments are expanded; as many as a document without fragments can have. */
export const MAX_SELECTIONS = 5_000;
/** Nested fields. */
export const MAX_DEPTH = 200;
/** Characters in a key of the response, which may be repeated very often. */
export const MAX_KEY = 128;
/**
 * The values that a unit of cost includes. By the default of `MAX_COST`, 50,000 values of the executor block the event
 * loop for less than a tenth of a second.
 */
export const VALUES_PER_COST = 50;
/** The weights of a value of the executor, and of a value that is copied with its row or comes in a list argument. */
export const EXECUTED_WEIGHT = 10;
export const COPIED_WEIGHT = 1;
/** An operation may ask for so many values whatever `MAX_COST` is, so that tools can load the schema, which takes half of them. */
export const MIN_VALUES_LIMIT = 100_000;
