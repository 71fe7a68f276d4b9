import type { IncomingMessage } from 'node:http';
import { createHostCheck, type HostCheck } from '../../config/hosts.ts';
import { expectationFailed, type Failure, invalidHost, invalidTarget, misdirected } from './failure.ts';

/**
 * The origin form of RFC 9112, section 3.2.1: a path and perhaps a query. Clients send some characters
 * of queries unescaped, such as braces; in a path they could turn it into another one.
 */
const ORIGIN_FORM = /^\/[\w\-.~%!$&'()*+,;=:@/]*(?:\?[^#\s]*)?$/;

/** A segment that would make the path another one: what is in front may have judged by this one. */
const DOT_SEGMENT = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

const isWellFormed = createHostCheck(['*']);

/** Returns the response to a request for a host that is not served, or malformed. Every browser sends one. */
export function checkHost(host: string | undefined, serves: HostCheck): Failure | undefined {
  if (host === undefined || serves(host)) return undefined;
  return isWellFormed(host) ? misdirected(host) : invalidHost;
}

/**
 * Returns the response to a request for a host that is not served, or whose target, `Host` or `Expect` is invalid, by
 * RFC 9112, section 3.2, and RFC 9110, section 10.1.1. The absolute form is refused as well: it is for proxies.
 */
export function checkHead(request: IncomingMessage, target: string, serves: HostCheck): Failure | undefined {
  const { host, expect } = request.headers;
  if (!ORIGIN_FORM.test(target) || DOT_SEGMENT.test(target)) return invalidTarget;
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') return expectationFailed;
  const hasHost = host === undefined ? request.httpVersion === '1.0' : hasOneHost(request.rawHeaders);
  return hasHost ? checkHost(host, serves) : invalidHost;
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

/**
 * Whether a request is to become a WebSocket. Any other upgrade is an offer that may be ignored: HTTP
 * clients of Java and curl offer HTTP/2 with each request.
 */
export function isWebSocketUpgrade({ headers: { upgrade = '' } }: IncomingMessage): boolean {
  return upgrade.toLowerCase() === 'websocket';
}

/** Whether a body comes with the request, read or not. */
export function announcesBody({ headers }: IncomingMessage): boolean {
  return headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0';
}
