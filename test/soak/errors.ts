import type { ErrorCode } from '../../src/errors/error-codes.ts';

/** The codes that clients may meet because the upstream fails. */
export const UPSTREAM_CODES = [
  'OVERLOADED',
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_INVALID_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
] as const satisfies readonly ErrorCode[];

/** What is wrong with an error; undefined if nothing is. */
export function problemOfError(error: unknown, codes: readonly unknown[]): string | undefined {
  const { message, extensions } = Object(error);
  const types = [message, extensions?.requestId, extensions?.retryable].map((value) => typeof value).join();
  const isRight = types === 'string,string,boolean' && codes.includes(extensions.code);
  return isRight ? undefined : JSON.stringify(error);
}
