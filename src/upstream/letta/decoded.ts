import { UpstreamError } from '../../errors/upstream-error.ts';
import { DecodeError } from '../../wire/decode-error.ts';

/** Returns what was decoded. @throws UpstreamError for what can't be decoded */
export function decoded<T>(decode: () => T): T {
  try {
    return decode();
  } catch (error) {
    if (!(error instanceof DecodeError)) throw error;
    throw new UpstreamError('UPSTREAM_INVALID_RESPONSE', error.message, { cause: error });
  }
}
