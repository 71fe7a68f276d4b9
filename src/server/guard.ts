import type { IncomingMessage } from 'node:http';
import { createHostCheck, type HostCheck } from './hosts.ts';
import { Refusal } from './refusal.ts';

/**
 * The origin form of RFC 9112, section 3.2.1: a path and perhaps a query. Clients send some characters
 * of queries unescaped, such as braces; in a path they could turn it into another one.
 */
const ORIGIN_FORM = /^\/[\w\-.~%!$&'()*+,;=:@/]*(?:\?[^#\s]*)?$/;

/** A segment that would make the path another one: what is in front may have judged by this one. */
const DOT_SEGMENT = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** Headers of a request, or what stands for them by a WebSocket: each takes more memory than its bytes. */
const MAX_HEADERS = 100;

const isWellFormed = createHostCheck(['*']);

const invalidTarget = new Refusal(
  'BAD_REQUEST',
  'Invalid request target: expected a path, without the segments . and ..',
);
const tooManyHeaders = new Refusal('BAD_REQUEST', `The request has more than ${MAX_HEADERS} headers.`, {
  status: 431,
});
const invalidHost = new Refusal(
  'BAD_REQUEST',
  'Invalid Host header: expected a name or an address, and perhaps a port.',
);
/** Returns why a request for this host is refused, if it is: every browser sends one. */
export function checkHost(host: string | undefined, serves: HostCheck): Refusal | undefined {
  if (host === undefined || serves(host)) return undefined;
  if (!isWellFormed(host)) return invalidHost;
  const name = host.slice(0, 255);
  return new Refusal(
    'MISDIRECTED_REQUEST',
    `The host ${name} is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.`,
  );
}

/** Returns why so many headers are refused, if they are. */
export function checkCount(headers: number): Refusal | undefined {
  return headers > MAX_HEADERS ? tooManyHeaders : undefined;
}

/**
 * Returns why a request is refused before anything else looks at it: for its host, the number of its headers, or a target
 * that is invalid by RFC 9112, section 3.2. The absolute form of a target is refused as well: it is for proxies.
 *
 * @param target the whole one, where a framework has stripped a prefix from `request.url`
 */
export function checkHead(request: IncomingMessage, target: string, serves: HostCheck): Refusal | undefined {
  if (!ORIGIN_FORM.test(target) || DOT_SEGMENT.test(target)) return invalidTarget;
  return checkCount(request.rawHeaders.length / 2) ?? checkHost(request.headers.host, serves);
}
