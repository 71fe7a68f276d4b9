import type { Registry } from 'prom-client';
import type { Log } from '../observability/log.ts';
import { internalError, logFailure, methodNotAllowed, notFound } from './failure.ts';
import { responseOf } from './http-answer.ts';
import { acceptsHtml } from './request-headers.ts';

/** Handles the requests for one path. */
export type Route = (request: Request, requestId: string) => Response | Promise<Response>;

/** The paths that are served besides GraphQL. */
export const RESERVED_PATHS = ['/health', '/ready', '/metrics'] as const;

export interface RoutesOptions {
  /** The path of `graphql`; not one of `RESERVED_PATHS`. */
  readonly endpoint: string;
  readonly graphql: Route;
  readonly ready: Route;
  readonly registry: Registry;
  readonly log: Log;
}

/**
 * Creates a handler that dispatches requests by path, with 404 for any other; browsers are sent from
 * the root to GraphiQL. It never rejects.
 */
export function createRoutes(
  options: RoutesOptions,
): (request: Request, requestId: string) => Promise<Response> {
  const { endpoint, graphql, ready, registry, log } = options;
  const own: Record<(typeof RESERVED_PATHS)[number], Route> = {
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': ready,
    '/metrics': async () =>
      new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  };
  const reading = Object.entries(own).map(([path, route]) => [path, onlyRead(route)] as const);
  const routes = new Map<string, Route>([[endpoint, graphql], ...reading]);
  const missing = notFound([...routes.keys()]);
  const elsewhere: Route = (request, requestId) =>
    isForHome(request)
      ? new Response(null, { status: 307, headers: { location: endpoint, vary: 'accept' } })
      : responseOf(missing(requestId));

  return async (request, requestId) => {
    try {
      return await (routes.get(new URL(request.url).pathname) ?? elsewhere)(request, requestId);
    } catch (error) {
      logFailure(log, requestId, request.signal.aborted, error);
      return responseOf(internalError(requestId));
    }
  };
}

function onlyRead(route: Route): Route {
  const refusal = methodNotAllowed('GET, HEAD');
  return (request, requestId) =>
    request.method === 'GET' || request.method === 'HEAD'
      ? route(request, requestId)
      : responseOf(refusal(requestId));
}

function isForHome({ method, url, headers }: Request): boolean {
  return method === 'GET' && new URL(url).pathname === '/' && acceptsHtml(headers.get('accept'));
}
