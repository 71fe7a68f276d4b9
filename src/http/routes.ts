import type { Registry } from 'prom-client';
import type { Log } from '../observability/log.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';
import { internalError, logFailure } from './failure.ts';
import { responseOf } from './http-answer.ts';

/** Handles the requests for one path. */
type Route = (request: Request, requestId: string) => Response | Promise<Response>;

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

/** Creates a handler that dispatches requests by path, with 404 for any other. It never rejects. */
export function createRoutes(options: RoutesOptions): (request: Request) => Promise<Response> {
  const { endpoint, graphql, ready, registry, log } = options;
  const own: Record<(typeof RESERVED_PATHS)[number], Route> = {
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': ready,
    '/metrics': async () =>
      new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  };
  const routes = new Map<string, Route>([[endpoint, graphql], ...Object.entries(own)]);
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
