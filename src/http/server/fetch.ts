import { REQUEST_ID_HEADER, requestIdOf } from '../../observability/request-id.ts';
import type { Cors } from './cors.ts';
import { misdirected } from './failure.ts';
import type { HostCheck } from './hosts.ts';
import { responseOf } from './http-answer.ts';
import type { Route } from './routes.ts';
import { DATA_HEADERS } from './security-headers.ts';

/** Handles a request by the fetch standard. Never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** Answers preflights, and sets the headers that all answers have. @param routes never rejects */
export function createFetch(routes: Route, cors: Cors): FetchHandler {
  return async (request) => {
    const requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
    const preflight = cors.preflight(request);
    const response = preflight === undefined ? await routes(request, requestId) : responseOf(preflight);
    const { headers } = response;
    const origin = request.headers.get('origin') ?? undefined;
    setHeaders(headers, cors.headersFor(origin));
    headers.set(REQUEST_ID_HEADER, requestId);
    return response;
  };
}

/** Refuses requests for hosts that are not served, whatever they ask for. */
export function guardFetch(fetch: FetchHandler, serves: HostCheck): FetchHandler {
  return async (request) => {
    const { host } = new URL(request.url);
    if (serves(host)) return fetch(request);
    const requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
    const response = responseOf(misdirected(host)(requestId));
    setHeaders(response.headers, { ...DATA_HEADERS, [REQUEST_ID_HEADER]: requestId });
    return response;
  };
}

/** Those that the response has already win, except that `vary` is extended. */
function setHeaders(headers: Headers, common: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(common)) {
    if (name === 'vary') headers.append(name, value);
    else if (!headers.has(name)) headers.set(name, value);
  }
}
