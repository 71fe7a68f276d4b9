import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Access } from '../../access/access.ts';
import type { OpenRequest } from '../../access/caller.ts';
import { overloaded, Refusal } from '../../access/refusal.ts';
import type { Journal } from '../../observability/journal.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { type Client, closeWhenRevoked } from './connection.ts';
import { reasonOf, sentHeaders, textsOf } from './messages.ts';
import { type OperationHandler, type ClientOperation, errorsOf } from './operations.ts';
import { PROTOCOL, serveClient } from './protocol.ts';
import { CLOSE_MS, invalidUpgrade, refusalOfUpgrade, refuseUpgrade, type UpgradeOptions } from './upgrade.ts';

/** The maximum size of a message in bytes. */
const MAX_MESSAGE_BYTES = 64 * 1024;
/** The maximum number of frames of a message, and a quarter of that of buffered chunks: each costs more than its bytes. */
const MAX_PARTS = 256;
/** Operations that one connection may have open. */
const MAX_OPERATIONS = 100;

const FORBIDDEN = 4403;
const GOING_AWAY = 1001;
const TRY_AGAIN_LATER = 1013;

export interface WebSocketOptions extends UpgradeOptions {
  readonly handleOperation: OperationHandler;
  readonly access: Access;
  readonly openRequest: OpenRequest;
  readonly journal: Journal;
}

/** GraphQL over WebSockets. */
export function createWebSockets(options: WebSocketOptions) {
  const { handleOperation, endpoint, access, openRequest, journal } = options;
  /** For each connection whose client was accepted, a function that closes the connection if it has no operation. */
  const open = new Set<() => void>();
  let isClosing = false;
  const isDraining = (): boolean => isClosing || options.isDraining();
  const settings = {
    noServer: true,
    handleProtocols: (offered: Set<string>) => offered.has(PROTOCOL) && PROTOCOL,
    maxPayload: MAX_MESSAGE_BYTES,
    // One message of a client per turn of the event loop, so that other clients don't wait for all its messages.
    allowSynchronousEvents: false,
    maxFragments: MAX_PARTS,
    maxBufferedChunks: 4 * MAX_PARTS,
    // Documented by `ws`, but not yet in its types.
    closeTimeout: CLOSE_MS,
  };
  const server = new WebSocketServer(settings);
  // On this event, `ws` leaves the connection open, for the listener to close it.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, invalidUpgrade(message), journal);
  });

  const handle = (client: Client, count: number, operation: ClientOperation) => {
    const { headers, credentials } = client;
    const { host = 'localhost', 'x-request-id': sentId } = headers;
    const requestId = requestIdOf(sentId, ++client.sent);
    if (count > MAX_OPERATIONS) {
      const { account, label } = credentials;
      journal.refused(tooManyOperations, { requestId, account, label });
      return Promise.resolve(errorsOf(tooManyOperations.body(requestId), requestId));
    }
    const url = `http://${host}${endpoint}`;
    return handleOperation({ ...operation, url, headers, credentials, connection: client, requestId });
  };

  const serve = (socket: WebSocket, upgrade: IncomingHttpHeaders): void => {
    const held = new DisposableStack();
    let client: Client | undefined;
    const closeIfIdle = (): void => {
      if (operations.size === 0) socket.close(GOING_AWAY, 'Going away');
    };
    const refuse = (code: number, refusal: Refusal, caller?: Credentials): false => {
      journal.refused(refusal, { account: caller?.account, label: caller?.label });
      socket.close(code, reasonOf(refusal.message));
      return false;
    };
    const operations = serveClient(socket, {
      connect(params) {
        if (isClosing) {
          closeIfIdle();
          return false;
        }
        const headers = sentHeaders(upgrade, params);
        const credentials = access.authenticate(headers);
        if (credentials instanceof Refusal) return refuse(FORBIDDEN, credentials);
        const close = openRequest(credentials.account);
        if (close === undefined) return refuse(TRY_AGAIN_LATER, overloaded, credentials);
        const accepted: Client = { headers: textsOf(headers), credentials, sent: 0 };
        client = accepted;
        held.defer(close);
        held.defer(() => accepted.stopWaiting?.());
        closeWhenRevoked(socket, accepted, access);
        open.add(closeIfIdle);
        held.defer(() => open.delete(closeIfIdle));
        return true;
      },
      async subscribe(operation) {
        if (client === undefined) throw new Error('The client was not accepted');
        return handle(client, operations.size, operation);
      },
      operationEnded() {
        if (isDraining()) closeIfIdle();
      },
      closed: () => held.dispose(),
      failed: (error) => journal.failed(error, {}),
    });
  };

  return {
    /** Upgrades a connection, or refuses it. */
    upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
      // The response to an earlier request must come first: nothing else may be written.
      if (options.isBusy(duplex)) return void duplex.destroy();
      const refusal = refusalOfUpgrade(request, { ...options, isDraining });
      if (refusal !== undefined) return refuseUpgrade(request, duplex, refusal, journal);
      server.handleUpgrade(request, duplex, head, (socket) => serve(socket, request.headers));
    },
    /** Closes idle connections, each at a random time, and the others once they are idle; refuses new connections. */
    close: (withinMs = 0): void => {
      isClosing = true;
      for (const closeIfIdle of open) setTimeout(closeIfIdle, Math.random() * withinMs).unref();
    },
  };
}

const tooManyOperations = new Refusal(
  'TOO_MANY_SUBSCRIPTIONS',
  `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
);
