import { ERROR_CODES, type ErrorCode } from '../graphql/error-codes.ts';
import type { Log } from '../observability/log.ts';
import type { HttpAnswer } from './http-answer.ts';

/** To a caller that must show an access token, and shows none. */
export const unauthenticated = failure(
  401,
  'UNAUTHENTICATED',
  'Send one of the access tokens of this gateway, as Authorization: Bearer <token>.',
  { 'www-authenticate': 'Bearer' },
);

/** Where an unexpected error was thrown; what it was is for the log. */
export const internalError = failure(500, 'INTERNAL_SERVER_ERROR', ERROR_CODES.INTERNAL_SERVER_ERROR.message);

/** @param isGone whether the client has disconnected, so that nothing is wrong */
export function logFailure(log: Log, requestId: string, isGone: boolean, error: unknown): void {
  if (isGone) log.debug({ requestId }, 'Client disconnected');
  else log.error({ requestId, err: error }, 'Unexpected error');
}

/** An answer to a request of which nothing is executed. */
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
