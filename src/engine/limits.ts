/** Characters and lines in a document; locating an error takes time for each line before it. */
export const MAX_CHARACTERS = 100_000;
export const MAX_LINES = 2_000;
/** Tokens in a document; typical documents have a few hundred. */
export const MAX_TOKENS = 5_000;
/** Selections once all fragments are expanded; as many as a document without fragments can have. */
export const MAX_SELECTIONS = 5_000;
/** Nested fields. */
export const MAX_DEPTH = 200;
/** Characters in a key of the response. Row programs repeat a key for each fragment, up to `MAX_SELECTIONS` times. */
export const MAX_KEY = 128;
/**
 * The values that an operation may ask for: so many for each unit of `MAX_COST`, but at least enough to load the schema.
 * The executor takes about 0.15 s for 100,000 values.
 */
export const MAX_VALUES_PER_COST = 10;
export const MIN_VALUES_LIMIT = 100_000;
/** How many values are charged as one unit of cost, for an operation with very many values. */
export const VALUES_PER_CHARGE = 20;
