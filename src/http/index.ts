import type { Operations } from '../graphql/operations.ts';
import type { GraphqlServer } from '../graphql/yoga.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Access } from './access.ts';
import { createCors } from './cors.ts';
import { createFetch, guardFetch } from './fetch.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { createGraphqlHandler } from './graphql-handler.ts';
import { createHostCheck } from './hosts.ts';
import { createNodeListener, type NodeListener } from './node-listener.ts';
import { createReadiness, type ReadinessOptions } from './readiness.ts';
import { createRoutes } from './routes.ts';

export interface HttpOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  /** See `createHostCheck`; undefined for any host. */
  readonly allowedHosts: readonly string[] | undefined;
  /** See `createCors`. */
  readonly corsOrigins: readonly string[];
  readonly operations: Operations;
  /** Handles the requests at the endpoint that the fast path does not. */
  readonly server: GraphqlServer;
  readonly access: Access;
  readonly readiness: ReadinessOptions;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** The gateway as a fetch handler and as a listener for Node's http module. */
export interface Http {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly listener: NodeListener;
}

/** Assembles everything between a request and the operations. */
export function createHttp(options: HttpOptions): Http {
  const { endpoint, operations, server, access, readiness, metrics, log } = options;
  const serves = createHostCheck(options.allowedHosts ?? ['*']);
  const cors = createCors(options.corsOrigins);
  const handler = createGraphqlHandler(operations, server, endpoint);
  const graphql = createGraphqlEndpoint({ handler, access, metrics, log });
  const routes = createRoutes({
    endpoint,
    graphql: graphql.respond,
    ready: createReadiness(readiness),
    registry: metrics.registry,
    log,
  });
  const fetch = createFetch(routes, cors);
  return {
    fetch: guardFetch(fetch, serves),
    listener: createNodeListener({ endpoint, graphql: graphql.answer, fetch, serves, cors }),
  };
}
