import type { FetchAPI } from 'graphql-yoga';
import { type GatewayPlugin, pathOf } from '../access/gateway-request.ts';
import { methodNotAllowed, notFound, Refusal } from '../access/refusal.ts';
import { acceptsHtml, type BrowserPage } from '../static/browser-page.ts';
import type { Routes } from './operator-routes.ts';

export interface RoutesOptions {
  readonly routes: Routes;
  /** The path of GraphQL; undefined on the admin port. */
  readonly endpoint?: string;
  /** GraphiQL, at the path of GraphQL. */
  readonly graphiql?: BrowserPage;
  /** The explorer, at other paths. Without it, the root redirects browsers to GraphiQL. */
  readonly explorer?: BrowserPage | undefined;
  /** The path of MCP, which its own plugin serves; undefined if it isn't served. */
  readonly mcp?: string | undefined;
}

/** Serves all paths but that of GraphQL, which is left to Yoga; 404 for unknown paths. */
export function useRoutes({ routes, endpoint, graphiql, explorer, mcp }: RoutesOptions): GatewayPlugin {
  const missing = notFound([
    ...(explorer === undefined ? [] : ['/ (for browsers)']),
    ...[endpoint, mcp].filter((path) => path !== undefined),
    ...routes.keys(),
  ]);
  const readOnlyRoute = methodNotAllowed('GET, HEAD');

  const respond = async (request: Request, path: string, { Response }: FetchAPI) => {
    const { headers } = request;
    const isRead = isReading(request);
    const page = isRead ? await (path === endpoint ? graphiql : explorer)?.(headers, path) : undefined;
    if (page === undefined && path === endpoint) return undefined;
    const route = routes.get(path);
    const response = page ?? (route && (isRead ? await route(headers.get('authorization')) : readOnlyRoute));
    if (response instanceof Refusal) return response;
    if (response !== undefined)
      return new Response(response.body, { status: response.status, headers: { ...response.headers } });
    const isHome = explorer === undefined && endpoint !== undefined && path === '/' && isRead;
    if (!isHome || !acceptsHtml(headers.get('accept'))) return missing;
    return new Response(null, { status: 307, headers: { location: endpoint, vary: 'accept' } });
  };

  return {
    onRequest({ request, serverContext, fetchAPI, endResponse }) {
      const path = pathOf(request.url);
      // Most requests take this path, so it must not cost a promise.
      if (path === mcp || (path === endpoint && !isReading(request))) return undefined;
      return respond(request, path, fetchAPI).then((response) => {
        if (response instanceof Refusal) {
          return endResponse(response.response(serverContext.requestId ?? '', fetchAPI));
        }
        return response && endResponse(response);
      });
    },
  };
}

function isReading({ method }: Request): boolean {
  return method === 'GET' || method === 'HEAD';
}
