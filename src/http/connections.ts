import type { Server } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CloseReason } from '../observability/journal.ts';

/** Requests that one connection may have under way. Each holds its head, up to 16 KiB, until those before it are answered. */
const MAX_PIPELINED = 10;
/** Milliseconds between searches for clients that read nothing. */
const SWEEP_MS = 1_000;
/** Milliseconds for requests in transit when draining begins, also on connections that Node hasn't accepted yet. */
const IN_TRANSIT_MS = 250;

/** Emitted by a socket whose last request has arrived: nothing more is read from it but its end. */
export const LAST_REQUEST = Symbol('last request');

/** Node's parser of requests, as Node itself uses it. Another Node may have others. */
type Parser = { readonly [Method in 'unconsume' | 'remove' | 'close']?: () => void };

/** A connection, as long as it is open. */
interface Connection {
  /** Requests without a complete answer. */
  underWay: number;
  /** The bytes that the client has read, and the time since when it has read no more. */
  read: number;
  since: number;
}

/**
 * Closes connections whose clients don't read their answers.
 *
 * @param inactiveMs milliseconds after which the connection of a client that reads nothing is closed
 * @returns a function that stops accepting connections, and resolves when the requests in flight are answered, or when a
 *   time is over and the remaining connections are closed, also those that were upgraded
 */
export function watchConnections(
  server: Server,
  inactiveMs: number,
  onClosed: (reason: CloseReason) => void = () => undefined,
): (timeoutMs: number) => Promise<void> {
  const open = new Map<Socket, Connection>();
  /** WebSockets close when their operations have ended. */
  const upgraded = new WeakSet<Duplex>();
  let isDraining = false;

  const cutOff = (socket: Socket, reason: CloseReason): void => {
    onClosed(reason);
    socket.destroy();
  };
  server.on('connection', (socket) => {
    open.set(socket, { underWay: 0, read: 0, since: performance.now() });
    socket.once('close', () => open.delete(socket));
    socket.on(LAST_REQUEST, (): unknown => setImmediate(freeParser, socket));
  });
  server.on('upgrade', (_request, socket) => void upgraded.add(socket));
  server.on('drop', () => onClosed('over_limit'));
  server.prependListener('request', ({ socket }, response) => {
    const connection = open.get(socket);
    if (connection === undefined) return;
    connection.underWay++;
    if (connection.underWay === MAX_PIPELINED + 1) cutOff(socket, 'over_limit');
    response.once('close', () => {
      connection.underWay--;
      if (isDraining && connection.underWay === 0) socket.destroySoon();
    });
  });
  const sweeps = setInterval(() => {
    const now = performance.now();
    for (const [socket, connection] of open) {
      const read = socket.bytesWritten - socket.writableLength - queuedBytes(socket);
      if (socket.writableLength === 0 || read !== connection.read) {
        connection.read = read;
        connection.since = now;
      } else if (now - connection.since > inactiveMs) cutOff(socket, 'not_reading');
    }
  }, SWEEP_MS).unref();

  return async (timeoutMs) => {
    await sleep(IN_TRANSIT_MS);
    isDraining = true;
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    // Unlike the method of HTTP servers, this leaves idle connections open, for a request in transit.
    NetServer.prototype.close.call(server, () => resolve());
    using _closeIdle = setTimeout(() => {
      for (const [socket, { underWay }] of open) {
        if (underWay === 0 && !upgraded.has(socket)) socket.destroySoon();
      }
    }, IN_TRANSIT_MS);
    using _fuse = setTimeout(() => {
      for (const socket of open.keys()) socket.destroy();
    }, timeoutMs);
    await closed;
    clearInterval(sweeps);
    // Stops the timer that checks timeouts.
    server.close();
  };
}

/**
 * Frees Node's parser, as Node does for an upgrade: it holds 10 KB, a third of what a stream would take. Not while it may be
 * on the stack, and at once: a message that began in between would leave Node, before 24.15, a pointer to what is freed.
 */
function freeParser(socket: Socket & { parser?: Parser | null }): void {
  const { parser } = socket;
  if (!parser) return;
  socket.parser = null;
  socket.removeAllListeners('data');
  parser.unconsume?.();
  parser.remove?.();
  parser.close?.();
}

/** Bytes of the write under way that were not sent yet. A large answer is one write; Node's own timeouts use this too. */
function queuedBytes(
  socket: Socket & { readonly _handle?: { readonly writeQueueSize: number } | null },
): number {
  return socket._handle?.writeQueueSize ?? 0;
}
