import { ERROR_CODES } from '../../src/errors/error-codes.ts';

/** Codes that clients may meet because an upstream fails. */
export const UPSTREAM_CODES: ReadonlySet<string> = new Set([
  'RATE_LIMITED',
  'UPSTREAM_ERROR',
  'UPSTREAM_INVALID_RESPONSE',
  'UPSTREAM_TIMEOUT',
  'UPSTREAM_UNAVAILABLE',
]);

/** Every code of the table in the docs, which follows from the code. */
export function readDocumentedCodes(): ReadonlySet<string> {
  return new Set(Object.keys(ERROR_CODES));
}
