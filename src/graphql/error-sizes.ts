import { GraphQLError } from 'graphql';
import { OperationLimitError } from '../engine/index.ts';

/** The maximum size of the errors in one answer, in bytes. */
const MAX_ERROR_BYTES = 4 * 1024 * 1024;

/** Replaces errors that are too large together by one; returns all others as they are. */
export function withinBytes(
  errors: readonly GraphQLError[],
  mask: (error: GraphQLError) => GraphQLError,
): readonly GraphQLError[] {
  let bytes = 0;
  for (const error of errors) {
    bytes += JSON.stringify(error).length;
    if (bytes <= MAX_ERROR_BYTES) continue;
    const message = `There are ${errors.length} errors, which would exceed ${MAX_ERROR_BYTES} bytes.`;
    const originalError = new OperationLimitError('RESPONSE_TOO_LARGE', message);
    return [mask(new GraphQLError(message, { originalError }))];
  }
  return errors;
}
