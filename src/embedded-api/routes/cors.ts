import { bodyReply, type Reply } from './reply.ts';
import type { ApiRequest } from './router.ts';

/** The only origin that Letta 0.16.7 allows unless it is configured otherwise. */
const ALLOWED_ORIGIN = 'https://app.letta.com';
const METHODS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
const CREDENTIALS = { 'access-control-allow-credentials': 'true' };

/** Answers a preflight, whatever its path, before the password is checked; undefined for any other request. */
export function answerPreflight({ method, headers }: ApiRequest): Reply | undefined {
  const { origin, 'access-control-request-method': requested } = headers;
  if (method !== 'OPTIONS' || origin === undefined || requested === undefined) return undefined;
  const requestedHeaders = headers['access-control-request-headers'];
  const isAllowed = origin === ALLOWED_ORIGIN;
  const failures = [...(isAllowed ? [] : ['origin']), ...(METHODS.includes(requested) ? [] : ['method'])];
  const isGranted = failures.length === 0;
  const body = isGranted ? 'OK' : `Disallowed CORS ${failures.join(', ')}`;
  return bodyReply(isGranted ? 200 : 400, body, 'text/plain; charset=utf-8', {
    vary: 'Origin',
    'access-control-allow-methods': METHODS.join(', '),
    'access-control-max-age': '600',
    ...CREDENTIALS,
    ...(isAllowed && { 'access-control-allow-origin': origin }),
    ...(requestedHeaders !== undefined && { 'access-control-allow-headers': requestedHeaders }),
  });
}

/** Adds the headers with which browsers decide whether a page may read the response; none without an origin. */
export function withCorsHeaders({ headers: { origin } }: ApiRequest, reply: Reply): Reply {
  if (origin === undefined || reply.isUnhandled) return reply;
  const allowed = origin === ALLOWED_ORIGIN ? { 'access-control-allow-origin': origin, vary: 'Origin' } : {};
  return { ...reply, headers: { ...reply.headers, ...CREDENTIALS, ...allowed } };
}
