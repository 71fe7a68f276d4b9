import type { Log } from '../observability/log.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';
import { internalError, logFailure } from './failure.ts';
import { responseOf } from './http-answer.ts';

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
  readonly log: Log;
}

/** Creates a handler that dispatches requests by path, with 404 for any other. It never rejects. */
export function createRoutes(options: RoutesOptions): (request: Request) => Promise<Response> {
  const { graphql, ready, metrics, log } = options;
  const own: Record<(typeof RESERVED_PATHS)[number], Route | undefined> = {
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': ready,
    '/metrics': metrics,
  };
  const routes = new Map<string, Route>(graphql && [graphql]);
  for (const [path, route] of Object.entries(own)) if (route !== undefined) routes.set(path, route);
  const paths = [...routes.keys()];
  const error = `Not found. Available paths: ${paths.slice(0, -1).join(', ')} and ${paths.at(-1)}.`;
  const notFound: Route = () => Response.json({ error }, { status: 404 });

  const answer = async (request: Request, requestId: string): Promise<Response> =>
    (routes.get(new URL(request.url).pathname) ?? notFound)(request, requestId);

  return async (request) => {
    const requestId = requestIdOf(request.headers.get(REQUEST_ID_HEADER));
    const response = await answer(request, requestId).catch((cause: unknown) => {
      logFailure(log, requestId, request.signal.aborted, cause);
      return responseOf(internalError(requestId));
    });
    response.headers.set(REQUEST_ID_HEADER, requestId);
    return response;
  };
}
