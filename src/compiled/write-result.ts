import type { GraphQLError } from 'graphql';

const NOTHING = Buffer.alloc(0);

/**
 * Adds errors to an answer that has none. In two parts, of which the last may be shared with other
 * answers. Errors, which may quote an argument, are written as UTF-8.
 */
export function withErrors(
  answer: Uint8Array,
  errors: readonly GraphQLError[],
): readonly [head: Uint8Array, rest: Uint8Array] {
  if (errors.length === 0) return [NOTHING, answer];
  // In place of the answer's opening brace.
  return [Buffer.from(`{"errors":${JSON.stringify(errors)},`, 'utf8'), answer.subarray(1)];
}
