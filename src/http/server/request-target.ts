import type { IncomingMessage } from 'node:http';
import { expectationFailed, type Failure, invalidHost, invalidTarget } from './failure.ts';
import { isWellFormedHost } from './hosts.ts';

/**
 * The origin form of RFC 9112, section 3.2.1: a path and perhaps a query. Clients send some characters
 * of queries unescaped, such as braces; in a path they could turn it into another one.
 */
const ORIGIN_FORM = /^\/[\w\-.~%!$&'()*+,;=:@/]*(?:\?[^#\s]*)?$/;

/** A segment that would make the path another one: what is in front may have judged by this one. */
const DOT_SEGMENT = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/**
 * Returns the response to a request whose target, `Host` or `Expect` is invalid, by RFC 9112, section
 * 3.2, and RFC 9110, section 10.1.1. The absolute form is refused as well: it is for proxies.
 */
export function invalidHead(request: IncomingMessage, target: string): Failure | undefined {
  if (!ORIGIN_FORM.test(target) || DOT_SEGMENT.test(target)) return invalidTarget;
  const { host, expect } = request.headers;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return expectationFailed;
  if (host === undefined) return request.httpVersion === '1.0' ? undefined : invalidHost;
  return isWellFormedHost(host) && hasOneHost(request.rawHeaders) ? undefined : invalidHost;
}

/** @param rawHeaders names and values in turn */
function hasOneHost(rawHeaders: readonly string[]): boolean {
  let count = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') count++;
  }
  return count <= 1;
}
