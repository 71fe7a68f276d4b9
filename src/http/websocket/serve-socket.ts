import type { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Server } from 'graphql-ws';
import type { RawData, WebSocket } from 'ws';
import { JsonLimitError, parseInputJson } from '../../json/parse-json.ts';
import type { Log } from '../../observability/log.ts';
import type { Metrics } from '../../observability/metrics.ts';
import { createConversation, type Conversation } from './conversation.ts';

/** Milliseconds between pings; a client that doesn't answer one until the next is cut off. */
const PING_MS = 12_000;
/** Milliseconds after which a client that reads nothing of what was sent is cut off. */
const WRITE_TIMEOUT_MS = 20_000;
/** Bytes that wait to be read from which on no more messages of the client are read. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Bytes that may wait to be read: more than two of the largest answers. */
const MAX_WAITING_BYTES = 80 * 1024 * 1024;

const INVALID_MESSAGE = 4400;
const INTERNAL_ERROR = 4500;

export interface ServeSocketOptions {
  readonly client: WebSocket;
  /** What the client's messages come by. */
  readonly socket: Duplex;
  readonly request: IncomingMessage;
  readonly protocol: Server<Conversation>;
  readonly metrics: Pick<Metrics, 'connectionClosed'>;
  readonly log: Log;
}

/**
 * Lets a client talk to the protocol. What the client makes the gateway hold is bounded: whoever
 * doesn't read is not read either, and cut off after a while.
 */
export function serveSocket(options: ServeSocketOptions): Conversation {
  const { client, socket, request, protocol, metrics, log } = options;
  const conversation = createConversation(request, (code, reason) => client.close(code, reason));

  const cutOff = (): void => {
    metrics.connectionClosed('not_reading');
    client.terminate();
  };
  const closed = protocol.opened(
    {
      protocol: client.protocol,
      send: (text) => send(client, text, cutOff),
      close: (code, reason) => client.close(code, reason),
      onMessage(handle) {
        client.on('message', (data) => {
          if (client.bufferedAmount > HIGH_WATER_BYTES && !client.isPaused) {
            client.pause();
            socket.once('drain', () => client.resume());
          }
          const json = parse(data);
          const message = json instanceof Error ? undefined : conversation.receive(json);
          if (message === undefined) {
            const reason = json instanceof JsonLimitError ? json.message : 'Invalid message received';
            return client.close(INVALID_MESSAGE, reason);
          }
          handle(message).catch((error: unknown) => {
            log.error({ err: error }, 'Unexpected error');
            client.close(INTERNAL_ERROR, 'Internal server error');
          });
        });
      },
    },
    conversation,
  );

  let isAwaited = false;
  const pinging = setInterval(() => {
    // Whoever has something to read is watched by the timeout.
    if (client.readyState !== client.OPEN || client.bufferedAmount > 0) return;
    if (isAwaited) return client.terminate();
    isAwaited = true;
    client.ping();
  }, PING_MS);
  client.on('pong', () => {
    isAwaited = false;
  });
  if (socket instanceof Socket) {
    // Nothing was read or written meanwhile.
    socket.setTimeout(WRITE_TIMEOUT_MS, () => {
      if (client.bufferedAmount > 0) cutOff();
    });
  }
  client.on('error', (error) => log.debug({ err: error }, 'WebSocket error'));
  client.once('close', (code, reason) => {
    clearInterval(pinging);
    conversation.end();
    void closed(code, reason.toString());
  });
  return conversation;
}

/** Resolves when the text has left; at once if the client has. */
async function send(client: WebSocket, text: string, cutOff: () => void): Promise<void> {
  if (client.readyState !== client.OPEN) return;
  const sent = new Promise<void>((resolve) => client.send(text, () => resolve()));
  if (client.bufferedAmount > MAX_WAITING_BYTES) cutOff();
  await sent;
}

/** Returns the error for what can't be parsed. */
function parse(data: RawData): unknown {
  try {
    return parseInputJson(textOf(data));
  } catch (error) {
    return error;
  }
}

/** Of a message, which comes in one piece unless it was asked for otherwise. */
function textOf(data: RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString();
  return Buffer.isBuffer(data) ? data.toString() : Buffer.from(data).toString();
}
