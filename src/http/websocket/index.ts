import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { ErrorCode } from '../../graphql/error-codes.ts';
import type { Metrics } from '../../observability/metrics.ts';
import type { Clients } from '../server/clients.ts';
import { badUpgrade, type Failure } from '../server/failure.ts';
import { MAX_BODY_BYTES } from '../server/request-headers.ts';
import { GraphqlSocket } from './graphql-socket.ts';
import { createProtocol, type ProtocolOptions } from './protocol.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { createUpgradeCheck, type UpgradeCheckOptions } from './upgrades.ts';

export { guardUpgrade, isWebSocketUpgrade } from './upgrades.ts';

/** Milliseconds between pings. */
const PING_MS = 12_000;
/** Milliseconds that a client gets to close its side as well. */
const CLOSE_MS = 1_000;
/** Frames of a message: each of the largest one has 4 KiB or more. */
const MAX_FRAGMENTS = 256;
/** Parts in which a frame comes in: of the largest one each has a whole packet of the slowest network. */
const MAX_PARTS = 4096;

/** Handles the upgrade of a connection, as `server.on('upgrade')` gives it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export interface WebSocketOptions extends ProtocolOptions, UpgradeCheckOptions {
  readonly clients: Clients;
  readonly metrics: ProtocolOptions['metrics'] & Pick<Metrics, 'connectionClosed'>;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export interface WebSockets {
  /** Refuses a connection, or takes it over. */
  readonly upgrade: UpgradeHandler;
  /** Closes those without an operation, each at a random time, and the others when theirs have ended; takes no more. */
  readonly close: (withinMs?: number) => void;
}

export function createWebSockets(options: WebSocketOptions): WebSockets {
  const { clients, metrics, journal } = options;
  let isClosing = false;
  const isDraining = (): boolean => isClosing || options.isDraining();
  // Of each client one message is handled in a turn of the event loop, or others would wait for all that have come at once.
  const fairness = { allowSynchronousEvents: false };
  // The types don't know `closeTimeout` yet.
  const settings = { closeTimeout: CLOSE_MS, noServer: true, WebSocket: GraphqlSocket, ...fairness };
  const limits = { maxPayload: MAX_BODY_BYTES, maxFragments: MAX_FRAGMENTS, maxBufferedChunks: MAX_PARTS };
  const server = new WebSocketServer({ ...settings, ...limits });
  const refuse = (request: IncomingMessage, connection: Duplex, failure: Failure): void => {
    const requestId = refuseUpgrade(request, connection, failure);
    journal.note('Refused', { code: failure.code, reason: failure.message, requestId });
  };
  const refusalOf = createUpgradeCheck({ ...options, isDraining });
  useServer({ ...createProtocol(options), isProd: true }, server, PING_MS);
  // The library leaves the connection to whoever listens.
  server.on('wsClientError', ({ message }, connection, request) => {
    refuse(request, connection, badUpgrade(message));
  });

  return {
    upgrade(request, connection, head) {
      const refusal = refusalOf(request);
      if (refusal !== undefined) return refuse(request, connection, refusal);
      server.handleUpgrade(request, connection, head, (socket) => {
        const note = (code: ErrorCode, reason: string): void =>
          journal.note('Connection closed', { code, reason, account: socket.credentials?.account });
        socket.open({
          connection,
          client: clients.of(connection),
          isDraining,
          onNotReading() {
            metrics.connectionClosed('not_reading');
            note('OVERLOADED', 'The client reads nothing');
          },
          onInvalid: (reason) => note('BAD_REQUEST', reason),
        });
        server.emit('connection', socket, request);
      });
    },
    close(withinMs = 0) {
      isClosing = true;
      for (const socket of server.clients) {
        setTimeout(() => socket.closeIfIdle(), Math.random() * withinMs).unref();
      }
    },
  };
}
