import type { IncomingMessage } from 'node:http';
import { createHostCheck, type HostCheck } from '../access/host-check.ts';
import { Refusal } from '../access/refusal.ts';

/**
 * The origin form of RFC 9112, section 3.2.1: a path and perhaps a query. Clients send some characters
 * of queries unescaped, such as braces; in a path they could turn it into another one.
 */
const ORIGIN_FORM = /^\/[\w\-.~%!$&'()*+,;=:@/]*(?:\?[^#\s]*)?$/;

/** A segment that changes the path when it is resolved: a proxy may have authorized the unresolved path. */
const DOT_SEGMENT = /^[^?]*\/(?:\.|%2e){1,2}(?:[/?]|$)/i;

/** The most headers of a request or of a `connection_init`: each header takes more memory than its bytes. */
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
  'Invalid Host header: expected one name or address, and perhaps a port.',
);

/** Returns the refusal of a request for this host; undefined if the host is served. */
export function checkHost(host: string | undefined, serves: HostCheck): Refusal | undefined {
  if (host === undefined || serves(host)) return undefined;
  if (!isWellFormed(host)) return invalidHost;
  const name = host.slice(0, 255);
  return new Refusal(
    'MISDIRECTED_REQUEST',
    `The host ${name} is not served. If clients may reach the gateway by this name, list it in ALLOWED_HOSTS.`,
  );
}

/** Returns the refusal of a request by its `Host`, of which HTTP/1.1 requires exactly one (RFC 9112, section 3.2). */
export function checkHostHeader(request: IncomingMessage, serves: HostCheck): Refusal | undefined {
  const { headers, rawHeaders, httpVersion } = request;
  const hosts = rawHeaders.filter((name, at) => at % 2 === 0 && name.length === 4 && /^host$/i.test(name));
  const isInvalid = hosts.length > 1 || (hosts.length === 0 && httpVersion === '1.1');
  return isInvalid ? invalidHost : checkHost(headers.host, serves);
}

/** Returns the refusal of so many headers; undefined if they aren't too many. */
export function checkHeaderCount(headers: number): Refusal | undefined {
  return headers > MAX_HEADERS ? tooManyHeaders : undefined;
}

/**
 * Returns the refusal of a request with a host that isn't served, too many headers, or a target that is invalid by RFC
 * 9112, section 3.2. The absolute form of a target is refused as well: it is for proxies.
 *
 * @param target the full target, if a framework has stripped a prefix from `request.url`
 */
export function checkHead(request: IncomingMessage, target: string, serves: HostCheck): Refusal | undefined {
  if (!ORIGIN_FORM.test(target) || DOT_SEGMENT.test(target)) return invalidTarget;
  return checkHeaderCount(request.rawHeaders.length / 2) ?? checkHostHeader(request, serves);
}
