/** The maximum size of a request body, in bytes. */
export const MAX_BODY_BYTES = 1024 * 1024;

/** A request with the value `1` gets the cost of its operation in `extensions.cost`. */
export const COST_HEADER = 'graphql-cost-debug';

/** A request with the value `1` gets what its operation took upstream in `extensions.explain`, if its caller may know. */
export const EXPLAIN_HEADER = 'x-explain';

/** Headers that a page can't send to another origin without a preflight: each lets any GET be executed. */
export const PREFLIGHT_HEADERS = [
  'apollo-require-preflight',
  'x-apollo-operation-name',
  'x-graphql-yoga-csrf',
] as const;

/** Whether a body is JSON, by its media type. */
export function isJson(type: string | undefined): boolean {
  return type !== undefined && /^application\/json(?:\s*;|$)/i.test(type.trim());
}
