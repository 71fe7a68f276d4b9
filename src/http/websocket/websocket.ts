import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { handleProtocols, makeServer } from 'graphql-ws';
import { WebSocketServer } from 'ws';
import type { Operations } from '../../graphql/operations.ts';
import { MAX_BODY_BYTES } from '../../graphql/yoga.ts';
import type { Journal } from '../../observability/journal.ts';
import type { Log } from '../../observability/log.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Access } from '../graphql/access.ts';
import { badUpgrade } from '../server/failure.ts';
import type { Conversation } from './conversation.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { serveSocket } from './serve-socket.ts';
import { createSocketProtocol } from './socket-protocol.ts';

/** Milliseconds that a client gets to close its side as well. */
const CLOSE_MS = 1_000;

/** Handles the upgrade of a connection, as `server.on('upgrade')` gives it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface WebSocketOptions {
  readonly operations: Operations;
  readonly access: Access;
  readonly metrics: Pick<Metrics, 'requestRefused' | 'connectionClosed'>;
  readonly log: Log;
  readonly journal: Journal;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSocketEndpoint {
  /** Takes over a connection whose host and origin were checked. */
  readonly accept: UpgradeHandler;
  /** Closes all connections, each when its operations have ended, and those that come later at once. */
  close(): void;
}

export function createWebSocketEndpoint(options: WebSocketOptions): WebSocketEndpoint {
  const { metrics, log } = options;
  // The types don't know `closeTimeout` yet.
  const settings = { noServer: true, maxPayload: MAX_BODY_BYTES, closeTimeout: CLOSE_MS, handleProtocols };
  const server = new WebSocketServer(settings);
  const protocol = makeServer(createSocketProtocol(options));
  const open = new Set<Conversation>();
  let isClosing = false;

  // The library leaves the connection to whoever listens.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, badUpgrade(message));
  });

  return {
    accept(request, socket, head) {
      server.handleUpgrade(request, socket, head, (client) => {
        const conversation = serveSocket({ client, socket, request, protocol, metrics, log });
        open.add(conversation);
        client.once('close', () => open.delete(conversation));
        if (isClosing) conversation.closeWhenIdle();
      });
    },
    close() {
      isClosing = true;
      for (const conversation of open) conversation.closeWhenIdle();
    },
  };
}
