import type { CallerHeaders } from './caller-headers.ts';

/**
 * The maximum length of the path and query of a request, relative to the root of the API. Longer ones
 * are never sent: uvicorn takes 64 KiB for a whole head, but many proxies only 8 KiB for its first
 * line, which also holds the method, the prefix of the API's root and the version.
 */
export const MAX_ADDRESS_BYTES = 7_500;

/** Proxies that take less than this for address and headers are rare. */
const MAX_USUAL_HEAD_BYTES = 8 * 1024;

/**
 * Whether a request is longer than every proxy takes, by the headers that a caller chose. Some
 * proxies reset it rather than answer 414 or 431, so its failures don't speak of the upstream.
 */
export function isUnusual(path: string, { headers, requestId, trace }: CallerHeaders): boolean {
  let bytes = path.length + (requestId?.length ?? 0);
  for (const sent of [headers, trace?.headers ?? {}]) {
    for (const name in sent) bytes += name.length + (sent[name]?.length ?? 0);
  }
  return bytes > MAX_USUAL_HEAD_BYTES;
}
