import type { Journal } from '../../observability/journal.ts';
import { internalError, methodNotAllowed, notFound } from './failure.ts';
import { jsonAnswer } from './http-answer.ts';
import type { HttpRequest, Route } from './http-request.ts';
import { acceptsHtml } from './request-headers.ts';

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
export function createRoutes({ graphql, ready, metrics, journal }: RoutesOptions): Route {
  const own: Record<(typeof RESERVED_PATHS)[number], Route | undefined> = {
    '/health': () => jsonAnswer(200, { status: 'ok' }),
    '/ready': ready,
    '/metrics': metrics,
  };
  const routes = new Map<string, Route>(graphql && [graphql]);
  for (const [path, route] of Object.entries(own)) if (route !== undefined) routes.set(path, onlyRead(route));
  const missing = notFound([...routes.keys()]);
  const elsewhere: Route = (request, requestId) =>
    graphql !== undefined && isForHome(request)
      ? { status: 307, headers: { location: graphql[0], vary: 'accept' }, body: [] }
      : missing(requestId);

  return async (request, requestId) => {
    try {
      return await (routes.get(request.path) ?? elsewhere)(request, requestId);
    } catch (error) {
      journal.failed(error, { requestId }, request.signal.aborted);
      return internalError(requestId);
    }
  };
}

function onlyRead(route: Route): Route {
  const refusal = methodNotAllowed('GET, HEAD');
  return (request, requestId) => (isRead(request) ? route(request, requestId) : refusal(requestId));
}

function isForHome(request: HttpRequest): boolean {
  return isRead(request) && request.path === '/' && acceptsHtml(request.headers.accept);
}

function isRead({ method }: HttpRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}
