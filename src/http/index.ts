import type { Socket } from 'node:net';
import { createHostCheck } from '../config/hosts.ts';
import { createExplorer, type ExplorerOptions } from '../explorer/index.ts';
import { createGraphiql } from '../graphiql/index.ts';
import type { Holder, Memory } from '../memory/index.ts';
import type { Journal } from '../observability/journal.ts';
import type { Tracing } from '../observability/tracing.ts';
import type { Operations } from '../operations/operations.ts';
import { createGraphqlEndpoint } from './graphql/graphql-endpoint.ts';
import { createOperatorRoutes, type OperatorRoutesOptions } from './operator-routes.ts';
import { Clients } from './server/clients.ts';
import { createCors } from './server/cors.ts';
import { createFetch } from './server/fetch.ts';
import { createHandler, type HandlerOptions } from './server/handler.ts';
import { createNodeListener, type NodeListener } from './server/node-listener.ts';
import { createWebSockets, type UpgradeHandler, type WebSockets } from './websocket/index.ts';

export interface HttpOptions extends OperatorRoutesOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  /** What the explorer shows of the gateway; undefined if there is none. */
  readonly explorer: Omit<ExplorerOptions, 'endpoint' | 'requiresToken'> | undefined;
  /** See `createHostCheck`; undefined for any host. */
  readonly allowedHosts: readonly string[] | undefined;
  /** See `createCors`. */
  readonly corsOrigins: readonly string[];
  /** Whether answers of GraphQL are compressed. */
  readonly compresses: boolean;
  readonly maxConnectionsPerCaller: number;
  /** Where everything that clients make the process hold is entered. */
  readonly memory: Memory;
  readonly operations: Operations;
  readonly journal: Journal;
  readonly tracing: Tracing;
}

/** A fetch handler, and the same as a listener for Node's http module. */
export interface Handlers {
  readonly fetch: (request: Request) => Promise<Response>;
  readonly listener: NodeListener;
}

/** The gateway, and what it serves on the admin port. */
export interface Http extends Handlers {
  /** Enters a connection in the account of memory, before its first request. */
  readonly opened: (socket: Socket) => Holder;
  /** Takes over the connections that become WebSockets. */
  readonly upgrade: UpgradeHandler;
  /** Closes the WebSockets. */
  readonly closeUpgraded: WebSockets['close'];
  /** Whether the explorer is served at `/`. */
  readonly hasExplorer: boolean;
  readonly admin: Handlers;
}

/** Assembles everything between a request and the operations. */
export function createHttp(options: HttpOptions): Http {
  const { endpoint, access, journal } = options;
  const { requiresToken } = access;
  // Where GraphQL is at the root, so is GraphiQL.
  const hasExplorer = options.explorer !== undefined && endpoint !== '/';
  const explorer = hasExplorer ? createExplorer({ ...options.explorer, endpoint, requiresToken }) : undefined;
  const serves = createHostCheck(options.allowedHosts ?? ['*']);
  const cors = createCors(options.corsOrigins, access.forwarded);
  const clients = new Clients(options.memory, options.maxConnectionsPerCaller);
  const graphql = createGraphqlEndpoint({ ...options, graphiql: createGraphiql(access), cors });
  const operator = createOperatorRoutes(options);
  const webSockets = createWebSockets({ ...options, serves, admits: cors.admits, clients });
  const handlersOf = (served: Omit<HandlerOptions, 'journal'>): Handlers => {
    const handle = createHandler({ ...served, journal });
    return {
      fetch: createFetch(handle, serves, clients, journal),
      listener: createNodeListener(handle, serves, clients, journal),
    };
  };
  return {
    ...handlersOf({ graphql: [endpoint, graphql], ...operator.open, explorer, cors }),
    opened: (socket) => clients.of(socket).holder,
    upgrade: webSockets.upgrade,
    closeUpgraded: webSockets.close,
    hasExplorer,
    // No page of a browser has business there.
    admin: handlersOf({ ...operator.admin, cors: createCors([], []) }),
  };
}
