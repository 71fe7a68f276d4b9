import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { CloseCode } from 'graphql-ws';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { Access } from '../../access/access.ts';
import type { OpenRequest } from '../../access/caller.ts';
import { overloaded, Refusal } from '../../access/refusal.ts';
import type { Journal } from '../../observability/journal.ts';
import { requestIdOf } from '../../observability/request-id.ts';
import { formatted } from '../../operations/text-result.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import { closeIfIdle, closeWhenRevoked, type Connected, type Connection, sendMessage } from './connection.ts';
import { limitUnread, MAX_MESSAGE_BYTES, MAX_OPERATIONS, MAX_PARTS } from './limits.ts';
import { nextMessage, reasonOf, sentHeaders, textsOf } from './messages.ts';
import { type AnswerOperation, errorsOf, executeForSocket, openOperation } from './operations.ts';
import { Receiver } from './receiver.ts';
import { CLOSE_MS, invalidUpgrade, refusalOfUpgrade, refuseUpgrade, type UpgradeOptions } from './upgrade.ts';

/** Milliseconds until a client must have sent `connection_init`. */
const INIT_MS = 5_000;
/** Milliseconds between pings. A client that doesn't answer before the next ping counts as disconnected. */
const PING_MS = 12_000;

const TRY_AGAIN_LATER = 1013;

export interface WebSocketOptions extends UpgradeOptions {
  readonly answerOperation: AnswerOperation;
  readonly access: Access;
  readonly openRequest: OpenRequest;
  readonly journal: Journal;
}

/** GraphQL over WebSockets, by the protocol `graphql-transport-ws`. */
export function createWebSockets(options: WebSocketOptions) {
  const { answerOperation, endpoint, access, openRequest, journal } = options;
  const open = new Set<Connected>();
  let isClosing = false;
  const isDraining = (): boolean => isClosing || options.isDraining();
  // The types of `ws` lack some of these settings.
  const settings = {
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // One message of a client per turn of the event loop, so that other clients don't wait for all its messages.
    allowSynchronousEvents: false,
    maxFragments: MAX_PARTS,
    maxBufferedChunks: 4 * MAX_PARTS,
    closeTimeout: CLOSE_MS,
  };
  const server = new WebSocketServer(settings);
  const receiver = new Receiver();

  const refuse = (connected: Connected, status: number, refusal: Refusal, caller?: Credentials): false => {
    journal.refused(refusal, { account: caller?.account, label: caller?.label });
    connected.extra.socket.close(status, reasonOf(refusal.message));
    return false;
  };

  useServer<Record<string, unknown>, Connection>(
    {
      isProd: true,
      connectionInitWaitTimeout: INIT_MS,
      jsonMessageReviver: () => receiver.latest.message,
      execute: executeForSocket,
      onConnect(connected) {
        const { extra, connectionParams } = connected;
        if (isClosing) {
          closeIfIdle(connected);
          return false;
        }
        const sent = sentHeaders(extra.request.headers, connectionParams);
        const credentials = access.authenticate(sent);
        if (credentials instanceof Refusal) return refuse(connected, CloseCode.Forbidden, credentials);
        const close = openRequest(credentials.account);
        if (close === undefined) return refuse(connected, TRY_AGAIN_LATER, overloaded, credentials);
        // Not kept, since the parameters may be large.
        Object.assign(connected, { connectionParams: undefined });
        const client = { headers: textsOf(sent), credentials, sent: 0 };
        extra.client = client;
        closeWhenRevoked(extra.socket, client, access, credentials.revocation);
        open.add(connected);
        extra.socket.once('close', () => {
          close();
          extra.client?.stopWaiting?.();
          open.delete(connected);
        });
        return true;
      },
      async onSubscribe({ extra, subscriptions }, key, payload) {
        const { id, bytes } = receiver.latest;
        const { client } = extra;
        if (client === undefined) throw new Error('The connection was not authenticated');
        const { headers, credentials } = client;
        const { host = 'localhost', 'x-request-id': sentId } = headers;
        const requestId = requestIdOf(sentId, ++client.sent);
        if (Object.keys(subscriptions).length > MAX_OPERATIONS) {
          const { account, label } = credentials;
          journal.refused(tooManyOperations, { requestId, account, label });
          return errorsOf(tooManyOperations.body(requestId), requestId);
        }
        const controller = new AbortController();
        let sending: Promise<void> | undefined;
        subscriptions[key] = openOperation(controller, () => sending);
        const url = `http://${host}${endpoint}`;
        const send = (result: Uint8Array) => (sending = sendMessage(extra.socket, nextMessage(id, result)));
        return answerOperation({ url, headers, payload, bytes, requestId, send }, controller);
      },
      onError: (_connected, _id, _payload, errors) => errors.map(formatted),
      onComplete(connected) {
        // The operation is still listed while this hook runs.
        if (isDraining()) setImmediate(closeIfIdle, connected);
      },
    },
    server,
    PING_MS,
  );

  // `ws` leaves the connection to the listeners of this event.
  server.on('wsClientError', ({ message }, socket, request) => {
    refuseUpgrade(request, socket, invalidUpgrade(message), journal);
  });

  return {
    /** Upgrades a connection, or refuses it. */
    upgrade: (request: IncomingMessage, duplex: Duplex, head: Buffer): void => {
      // The answer to an earlier request must come first: nothing else may be written.
      if (options.isBusy(duplex)) return void duplex.destroy();
      const refusal = refusalOfUpgrade(request, { ...options, isDraining });
      if (refusal !== undefined) return refuseUpgrade(request, duplex, refusal, journal);
      server.handleUpgrade(request, duplex, head, (socket) => {
        server.emit('connection', socket, request);
        receiver.receive(socket);
        limitUnread(socket);
      });
    },
    /** Closes idle connections, each at a random time, and the others once they are idle; refuses new connections. */
    close: (withinMs = 0): void => {
      isClosing = true;
      for (const connected of open) setTimeout(closeIfIdle, Math.random() * withinMs, connected).unref();
    },
  };
}

const tooManyOperations = new Refusal(
  'TOO_MANY_SUBSCRIPTIONS',
  `This connection has ${MAX_OPERATIONS} operations open, as many as the gateway allows. End some of them, or open another connection.`,
);
