import type { WebSocket } from 'ws';
import { REQUEST_ENDED } from '../../access/gateway-request.ts';
import { stringifyJson } from '../../json/stringify-json.ts';
import { nextMessage, type OperationPayload, parseMessage, reasonOf } from './messages.ts';
import type { ClientOperation } from './operations.ts';
import { createSender } from './sender.ts';

// The server's side of https://github.com/enisdenjo/graphql-ws/blob/master/PROTOCOL.md

export const PROTOCOL = 'graphql-transport-ws';

/** Milliseconds until a client must have sent `connection_init`. */
const INIT_MS = 5_000;
/** Milliseconds between pings. A client that doesn't answer before the next ping counts as disconnected. */
const PING_MS = 12_000;
/** Bytes of unread messages beyond which pings are not answered. */
const MAX_UNREAD_BYTES = 64 * 1024;

export interface ConnectionHandlers {
  /** Decides about `connection_init`: returns whether the client is accepted, or closes the connection. */
  readonly connect: (params: unknown) => boolean;
  /** Sends the results of an operation. @returns errors, if it can't be executed */
  readonly subscribe: (operation: ClientOperation) => Promise<readonly unknown[] | undefined>;
  readonly operationEnded: () => void;
  readonly closed: () => void;
  readonly failed: (error: unknown) => void;
}

interface OpenOperation {
  readonly controller: AbortController;
  /** Resolves when its latest result is written. */
  latest?: Promise<void>;
}

/** Serves a client. @returns its open operations by their ids */
export function serveClient(socket: WebSocket, handlers: ConnectionHandlers): ReadonlyMap<string, unknown> {
  const operations = new Map<string, OpenOperation>();
  let isInitialized = false;
  let isAlive = true;
  const send = createSender(socket);
  const close = (code: number, reason: string): void => socket.close(code, reasonOf(reason));

  const subscribe = async (id: string, payload: OperationPayload, bytes: number): Promise<void> => {
    const controller = new AbortController();
    const operation: OpenOperation = { controller };
    operations.set(id, operation);
    // Once the client has completed the operation, its id may stand for another one.
    const isOpen = (): boolean => operations.get(id) === operation;
    const sendNext = async (result: Uint8Array): Promise<void> => {
      if (isOpen()) await (operation.latest = send(nextMessage(id, result)));
    };
    const errors = await handlers.subscribe({ payload, bytes, controller, send: sendNext });
    if (!isOpen()) return;
    operations.delete(id);
    await send(JSON.stringify(errors ? { id, type: 'error', payload: errors } : { id, type: 'complete' }));
    handlers.operationEnded();
  };

  const complete = async (id: string): Promise<void> => {
    const operation = operations.get(id);
    operations.delete(id);
    // The request holds the memory of its latest result until that is written.
    await operation?.latest;
    operation?.controller.abort(REQUEST_ENDED);
    handlers.operationEnded();
  };

  const receive = async (data: Buffer): Promise<void> => {
    if (socket.readyState !== socket.OPEN) return;
    const message = parseMessage(String(data));
    if (message === undefined) return close(4400, 'Invalid message received');
    switch (message.type) {
      case 'connection_init':
        if (isInitialized) return close(4429, 'Too many initialisation requests');
        isInitialized = true;
        return handlers.connect(message.payload) ? send('{"type":"connection_ack"}') : undefined;
      case 'ping':
        if (socket.bufferedAmount > MAX_UNREAD_BYTES) return;
        return send(stringifyJson({ type: 'pong', ...(message.payload && { payload: message.payload }) }));
      case 'pong':
        return;
      case 'subscribe':
        if (!isInitialized) return close(4401, 'Unauthorized');
        if (operations.has(message.id)) return close(4409, `Subscriber for ${message.id} already exists`);
        return subscribe(message.id, message.payload, data.length);
      case 'complete':
        return complete(message.id);
    }
  };

  const initTimer = setTimeout(() => {
    if (!isInitialized) close(4408, 'Connection initialisation timeout');
  }, INIT_MS);
  const pings = setInterval(() => {
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, PING_MS);
  socket.on('pong', () => (isAlive = true));
  // `ws` closes the connection.
  socket.on('error', () => undefined);
  socket.on('message', (data: Buffer) => {
    receive(data).catch((error: unknown) => {
      handlers.failed(error);
      close(4500, 'Internal server error');
    });
  });
  socket.once('close', () => {
    clearTimeout(initTimer);
    clearInterval(pings);
    for (const id of operations.keys()) void complete(id);
    handlers.closed();
  });
  if (socket.protocol !== PROTOCOL) close(4406, 'Subprotocol not acceptable');
  return operations;
}
