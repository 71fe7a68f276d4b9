import type { Journal } from '../../observability/journal.ts';
import { internalError, methodNotAllowed, notFound } from './failure.ts';
import { responseOf } from './http-answer.ts';
import { acceptsHtml } from './request-headers.ts';

/** Handles the requests for one path. */
export type Route = (request: Request, requestId: string) => Response | Promise<Response>;

/** The paths that are served besides GraphQL. */
export const RESERVED_PATHS = ['/health', '/ready', '/metrics'] as const;

export interface RoutesOptions {
  /** GraphQL and its path, which is not one of `RESERVED_PATHS`. If it is missing, so is the path. */
  readonly graphql?: readonly [path: string, Route];
  readonly ready: Route;
  /** If it is missing, so is the path. */
  readonly metrics: Route | undefined;
  readonly journal: Pick<Journal, 'failed'>;
}

/**
 * Creates a handler that dispatches requests by path, with 404 for any other; browsers are sent from
 * the root to GraphiQL. It never rejects.
 */
export function createRoutes(
  options: RoutesOptions,
): (request: Request, requestId: string) => Promise<Response> {
  const { graphql, ready, metrics, journal } = options;
  const own: Record<(typeof RESERVED_PATHS)[number], Route | undefined> = {
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': ready,
    '/metrics': metrics,
  };
  const routes = new Map<string, Route>(graphql && [graphql]);
  for (const [path, route] of Object.entries(own)) if (route !== undefined) routes.set(path, onlyRead(route));
  const missing = notFound([...routes.keys()]);
  const elsewhere: Route = (request, requestId) =>
    graphql !== undefined && isForHome(request)
      ? new Response(null, { status: 307, headers: { location: graphql[0], vary: 'accept' } })
      : responseOf(missing(requestId));

  return async (request, requestId) => {
    try {
      return await (routes.get(new URL(request.url).pathname) ?? elsewhere)(request, requestId);
    } catch (error) {
      if (!request.signal.aborted) journal.failed(error, { requestId });
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
  return (
    (method === 'GET' || method === 'HEAD') &&
    new URL(url).pathname === '/' &&
    acceptsHtml(headers.get('accept'))
  );
}
