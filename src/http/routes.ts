import type { Registry } from 'prom-client';
import type { Log } from '../observability/log.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';
import { internalError, logFailure } from './failure.ts';
import { responseOf } from './http-answer.ts';

/** Answers a request for one path. */
type Route = (request: Request, requestId: string) => Response | Promise<Response>;

/** The paths that are not for GraphQL. */
export const OWN_PATHS = ['/health', '/ready', '/metrics'] as const;

export interface RoutesOptions {
  /** The path of `graphql`; none of `OWN_PATHS`. */
  readonly endpoint: string;
  readonly graphql: Route;
  readonly ready: Route;
  readonly registry: Registry;
  readonly log: Log;
}

/** Answers each request by its path, and 404 for any other. Never rejects. */
export function createRoutes(options: RoutesOptions): (request: Request) => Promise<Response> {
  const { endpoint, graphql, ready, registry, log } = options;
  const own: Record<(typeof OWN_PATHS)[number], Route> = {
    '/health': () => Response.json({ status: 'ok' }),
    '/ready': ready,
    '/metrics': async () =>
      new Response(await registry.metrics(), { headers: { 'content-type': registry.contentType } }),
  };
  const routes = new Map<string, Route>([[endpoint, graphql], ...Object.entries(own)]);
  const paths = [...routes.keys()];
  const error = `Nothing here. Try ${paths.slice(0, -1).join(', ')} or ${paths.at(-1)}.`;
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
