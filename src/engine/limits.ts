/** Characters and lines in a document; locating an error takes time for each line before it. */
export const MAX_CHARACTERS = 100_000;
export const MAX_LINES = 2_000;
/** Tokens in a document; typical ones have a few hundred. */
export const MAX_TOKENS = 5_000;
/** Selections once all fragments are expanded; as many as a document without fragments can have. */
export const MAX_SELECTIONS = 5_000;
/** Nested fields. */
export const MAX_DEPTH = 200;
/** Characters in a key of the response, which may be repeated very often. */
export const MAX_KEY = 128;
/**
 * The maximum work of an operation, per unit of the maximum cost. A value produced by the executor is
 * 10 units of work; a copied one is 1, as is a value in a list argument. The default limit, 50,000
 * values by the executor, blocks the event loop for less than a tenth of a second.
 */
export const WORK_PER_COST = 50;
/** The work for a value produced by the executor, and for a copied one. */
export const EXECUTED = 10;
export const COPIED = 1;
/**
 * The values in lists without a size, as a multiple of what the work allows: a price assumes their length,
 * and usual ones are short, but one may be very long.
 */
const SURPLUS = 4;
/** The maximum work is never less than this, so that tools can load the schema, which takes half of it. */
const MIN_WORK_LIMIT = 100_000;

/** The maximum work of an operation. */
export function maxWorkOf(maxCost: number): number {
  return Math.max(maxCost * WORK_PER_COST, MIN_WORK_LIMIT);
}

/** The maximum number of values in an operation's lists without a size, as they turn out. */
export function maxValuesOf(maxCost: number): number {
  return (maxWorkOf(maxCost) / EXECUTED) * SURPLUS;
}
