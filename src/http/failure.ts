import { ERROR_CODES, type ErrorCode } from '../graphql/error-codes.ts';
import type { Log } from '../observability/log.ts';
import type { HttpAnswer } from './http-answer.ts';

/** For a caller that sent no valid access token where one is required. */
export const unauthenticated = failure(
  401,
  'UNAUTHENTICATED',
  'An access token is required. Send one as Authorization: Bearer <token>.',
  { 'www-authenticate': 'Bearer' },
);

/** For an unexpected error, which is logged and not shown. */
export const internalError = failure(500, 'INTERNAL_SERVER_ERROR', ERROR_CODES.INTERNAL_SERVER_ERROR.message);

/** @param disconnected whether the client has disconnected, which explains the error */
export function logFailure(log: Log, requestId: string, disconnected: boolean, error: unknown): void {
  if (disconnected) log.debug({ requestId }, 'Client disconnected');
  else log.error({ requestId, err: error }, 'Unexpected error');
}

/** Returns a GraphQL error response for a request that is not executed. */
function failure(status: number, code: ErrorCode, message: string, headers: Record<string, string> = {}) {
  return (requestId: string): HttpAnswer => {
    const error = { message, extensions: { code, requestId, retryable: false } };
    return {
      status,
      headers: { 'content-type': 'application/json', ...headers },
      body: [Buffer.from(JSON.stringify({ errors: [error] }))],
    };
  };
}
