import type { GraphQLError } from 'graphql';
import type { ErrorCode } from '../errors/error-codes.ts';
import { GatewayError } from '../errors/gateway-error.ts';
import type { OperationAnswer } from './operation-request.ts';

/** Converts an error to one for the client, and reports it. */
export type Mask = (error: unknown) => GraphQLError;

/** The maximum size of the errors in one answer, in bytes. */
const MAX_ERROR_BYTES = 4 * 1024 * 1024;

type Refusal = NonNullable<OperationAnswer['refusal']>;

/** The responses to operations that came to nothing but errors, by the code of one of them. */
const REFUSALS: ReadonlyMap<unknown, Refusal> = new Map<ErrorCode, Refusal>([
  ['METHOD_NOT_ALLOWED', { status: 405, headers: { allow: 'POST' } }],
  ['NOT_ACCEPTABLE', { status: 406 }],
  // So that a proxy can choose another replica.
  ['SUBSCRIPTION_DRAINED', { status: 503 }],
  ['OVERLOADED', { status: 503 }],
  ['OPERATION_TIMEOUT', { status: 504 }],
]);

/**
 * Answers an operation that came to nothing but errors.
 *
 * @param errors not yet masked
 * @param status of the response, if it isn't that of the code
 */
export function failedAnswer(errors: readonly unknown[], mask: Mask, status?: number): OperationAnswer {
  const masked = withinBytes(errors.map(mask), mask);
  const refusal =
    status === undefined
      ? masked.map(({ extensions }) => REFUSALS.get(extensions['code'])).find(Boolean)
      : { status };
  return { data: undefined, errors: masked, ...(refusal && { refusal }) };
}

/** Replaces errors that are too large together by one; returns all others as they are. */
export function withinBytes(errors: readonly GraphQLError[], mask: Mask): readonly GraphQLError[] {
  let bytes = 0;
  for (const error of errors) {
    bytes += JSON.stringify(error).length;
    if (bytes <= MAX_ERROR_BYTES) continue;
    const message = `There are ${errors.length} errors, which would exceed ${MAX_ERROR_BYTES} bytes.`;
    return [mask(new GatewayError('RESPONSE_TOO_LARGE', message))];
  }
  return errors;
}
