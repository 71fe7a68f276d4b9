import type { Operations } from '../graphql/operations.ts';
import type { GraphqlServer } from '../graphql/yoga.ts';
import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import type { Access } from './access.ts';
import { createGraphqlEndpoint } from './graphql-endpoint.ts';
import { createGraphqlHandler } from './graphql-handler.ts';
import { createNodeListener, type NodeListener } from './node-listener.ts';
import { createOperatorRoutes } from './operator-routes.ts';
import { createReadiness, type ReadinessOptions } from './readiness.ts';
import { createRoutes } from './routes.ts';

export interface HttpOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly operations: Operations;
  /** Handles the requests at the endpoint that the fast path does not. */
  readonly server: GraphqlServer;
  readonly access: Access;
  readonly readiness: ReadinessOptions;
  /** Whether the details for operators are served on a port of their own, by `admin`. */
  readonly hasAdminPort: boolean;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** A fetch handler, and the same as a listener for Node's http module. */
export interface Handlers {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly listener: NodeListener;
}

/** The gateway, and what it serves on the admin port. */
export interface Http extends Handlers {
  readonly admin: Handlers;
}

/** Assembles everything between a request and the operations. */
export function createHttp(options: HttpOptions): Http {
  const { endpoint, operations, server, access, hasAdminPort, metrics, log } = options;
  const handler = createGraphqlHandler(operations, server, endpoint);
  const graphql = createGraphqlEndpoint({ handler, access, metrics, log });
  const operator = createOperatorRoutes({
    readiness: createReadiness(options.readiness),
    registry: metrics.registry,
    access,
    hasAdminPort,
  });
  const { answer, answerPlain } = graphql;
  const fetch = createRoutes({ graphql: [endpoint, answer], ...operator.open, log });
  const fetchForAdmin = createRoutes({ ...operator.admin, log });
  return {
    fetch,
    listener: createNodeListener({ endpoint, answerPlain, fetch }),
    admin: {
      fetch: fetchForAdmin,
      listener: createNodeListener({ endpoint: undefined, answerPlain, fetch: fetchForAdmin }),
    },
  };
}
