import { errors as undiciErrors } from 'undici';
import { UpstreamError } from '../../errors/upstream-error.ts';

/**
 * Converts a connection error; returns undefined for any other error, which is unexpected.
 *
 * @param name of the request, for the log
 * @param maxBytes the limit for the size of a response
 */
export function connectionError(name: string, error: unknown, maxBytes: number): UpstreamError | undefined {
  if (!(error instanceof Error) || error instanceof UpstreamError) return undefined;
  const details = { cause: error, retry: 'always' } as const;
  const message = `${name} failed: ${error.message}`;
  if (error instanceof undiciErrors.ResponseExceededMaxSizeError) {
    const tooLarge = `${name}: the response is larger than ${maxBytes} bytes`;
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', tooLarge, { cause: error, maxBytes });
  }
  if (error instanceof undiciErrors.HTTPParserError || error instanceof undiciErrors.HeadersOverflowError) {
    return new UpstreamError('UPSTREAM_INVALID_RESPONSE', message, { ...details, retry: 'never' });
  }
  if (error instanceof undiciErrors.BodyTimeoutError) {
    return new UpstreamError('UPSTREAM_TIMEOUT', message, details);
  }
  // Errors of sockets and undici have a code; all others are unexpected errors.
  if (!('code' in error) || typeof error.code !== 'string') return undefined;
  return new UpstreamError('UPSTREAM_UNAVAILABLE', message, details);
}
