import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer } from 'ws';
import type { HostCheck } from '../../config/hosts.ts';
import type { Cors } from '../server/cors.ts';
import {
  badUpgrade,
  draining,
  type Failure,
  forbiddenOrigin,
  notFound,
  refuse,
  upgradeRequired,
} from '../server/failure.ts';
import { lengthOf } from '../server/http-answer.ts';
import { checkHead, isWebSocketUpgrade } from '../server/request-head.ts';
import { GraphqlConnection, type GraphqlConnectionOptions, PROTOCOL } from './graphql-connection.ts';

/** Milliseconds that a client gets to close its side as well. */
const CLOSE_MS = 1_000;

const SETTINGS = {
  noServer: true,
  /** Frames of a message: each of the largest one has 4 KiB or more. */
  maxFragments: 256,
  /** Parts in which a frame comes in: of the largest one each has a whole packet of the slowest network. */
  maxBufferedChunks: 4096,
  /** Of each client one message is handled in a turn of the event loop, or others would wait for all that have come at once. */
  allowSynchronousEvents: false,
  // The types don't know it yet.
  closeTimeout: CLOSE_MS,
  handleProtocols: (offered: ReadonlySet<string>) => offered.has(PROTOCOL) && PROTOCOL,
};

/** Handles the upgrade of a connection, as `server.on('upgrade')` gives it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface WebSocketOptions extends GraphqlConnectionOptions {
  /** The path of GraphQL. */
  readonly endpoint: string;
  readonly serves: HostCheck;
  readonly admits: Cors['admits'];
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSockets {
  /** Refuses a connection, or takes it over. */
  readonly upgrade: UpgradeHandler;
  /** Closes those without an operation, each at a random time, and the others when theirs have ended; takes no more. */
  readonly close: (withinMs?: number) => void;
}

export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { endpoint, serves, admits, journal } = options;
  const server = new WebSocketServer(SETTINGS);
  const open = new Set<GraphqlConnection>();
  let isClosing = false;
  const isDraining = (): boolean => isClosing || options.isDraining();
  const own = { ...options, isDraining };

  /** There is no response object: the HTTP server has let go of the connection. */
  const refuseUpgrade = (request: IncomingMessage, socket: Duplex, failure: Failure): void => {
    const { status, headers, body } = refuse(failure, request.headers, journal);
    const all = { ...headers, 'content-length': lengthOf(body), connection: 'close' };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    const fuse = setTimeout(() => socket.destroy(), CLOSE_MS);
    socket.once('close', () => clearTimeout(fuse)).on('error', () => socket.destroy());
    // What still comes in is dropped. Otherwise the end of the connection would never be read.
    socket
      .resume()
      .end(Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Refused\r\n${lines.join('')}\r\n`), ...body]));
  };
  /**
   * Browsers let any page connect to any host, so the origin is checked: a page of another site must not read what the
   * gateway's own API key can read.
   */
  const refusalOf = (request: IncomingMessage): Failure | undefined => {
    const { url = '', headers } = request;
    const invalid = checkHead(request, url, serves);
    if (invalid !== undefined) return invalid;
    if (url !== endpoint && !url.startsWith(`${endpoint}?`)) return notFound([endpoint, '/health']);
    if (!isWebSocketUpgrade(request)) return upgradeRequired;
    if (headers.origin !== undefined && !admits(headers.origin, headers.host)) return forbiddenOrigin;
    return isDraining() ? draining : undefined;
  };
  // The library leaves the connection to its listeners.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, badUpgrade(message));
  });

  return {
    upgrade(request, duplex, head) {
      const refusal = refusalOf(request);
      if (refusal !== undefined) return refuseUpgrade(request, duplex, refusal);
      server.handleUpgrade(request, duplex, head, (socket) => {
        const connection = new GraphqlConnection(own, socket, request);
        open.add(connection);
        socket.once('close', () => open.delete(connection));
      });
    },
    close(withinMs = 0) {
      isClosing = true;
      for (const connection of open) {
        setTimeout(() => connection.closeIfIdle(), Math.random() * withinMs).unref();
      }
    },
  };
}
