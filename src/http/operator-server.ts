import { createServerAdapter } from '@whatwg-node/server';
import { type GatewayContext, pathOf } from '../access/gateway-request.ts';
import type { Served } from './handlers.ts';
import type { Routes } from './operator-routes.ts';
import { useResponseHeaders } from './response-headers.ts';
import { useRoutes } from './routes.ts';

/** Serves the routes of operators, and 404 for anything else. */
export function operatorServer(routes: Routes): Served {
  return createServerAdapter<GatewayContext>(() => new Response(null, { status: 404 }), {
    plugins: [useResponseHeaders(), useRoutes({ routes })],
  });
}

/** Serves the routes of operators ahead of Yoga: no plugin can keep a probe from its response. */
export function withOperatorRoutes(yoga: Served, routes: Routes): Served {
  const operators = operatorServer(routes);
  const serverFor = (path: string): Served => (routes.has(path) ? operators : yoga);
  return {
    handleRequest: (request, context) => serverFor(pathOf(request.url)).handleRequest(request, context),
    handleNodeRequestAndResponse(request, response, context) {
      const { originalUrl, url = '' } = request;
      const target = originalUrl ?? url;
      const end = target.indexOf('?');
      return serverFor(end === -1 ? target : target.slice(0, end)).handleNodeRequestAndResponse(
        request,
        response,
        context,
      );
    },
  };
}
