import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

/** Whom an attacker asks, as whom, and until when. */
export interface Target {
  /** Of the gateway, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string;
  /** The oldest run of the upstream but some. */
  readonly runId: string;
  readonly signal: AbortSignal;
  /** Counts an answer: its status, or what a WebSocket has sent. */
  readonly saw: (outcome: string) => void;
}

/** Opens a connection that is dropped when the attack ends. Its failures are what an attacker expects. */
async function dial({ url, signal }: Pick<Target, 'url' | 'signal'>): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  socket.on('error', () => undefined);
  const drop = (): void => void socket.destroy();
  signal.addEventListener('abort', drop, { once: true });
  socket.once('close', () => signal.removeEventListener('abort', drop));
  const gone = once(socket, 'close').then(() => {
    throw new Error('The connection was closed');
  });
  gone.catch(() => undefined);
  await Promise.race([once(socket, 'connect'), gone]);
  return socket;
}

/** Resolves when a connection is closed. */
async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
}

/** The text of a POST request for an operation. */
export function post(token: string, body: string, accept = 'application/json'): string {
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: ${accept}`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Opens a WebSocket of a caller. */
async function dialWebSocket(target: Target, token: string): Promise<Socket> {
  const socket = await dial(target);
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  await once(socket, 'data');
  const payload = { authorization: `Bearer ${token}` };
  socket.write(frame(JSON.stringify({ type: 'connection_init', payload })));
  await once(socket, 'data');
  return socket;
}

/** A text frame whose mask is zero. */
function frame(message: string): Buffer {
  const text = Buffer.from(message);
  const length = Buffer.alloc(14);
  length[0] = 0x81;
  length[1] = 0xff;
  length.writeBigUInt64BE(BigInt(text.length), 2);
  return Buffer.concat([length, text]);
}

/** A frame that subscribes. */
export function subscribe(id: number, query: string): Buffer {
  return frame(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query } }));
}

export function json(body: object): string {
  return JSON.stringify(body);
}

export function repeat(count: number, text: (index: number) => string): string {
  return Array.from({ length: count }, (_, index) => text(index)).join(' ');
}

export async function times(count: number, act: (index: number) => Promise<void>): Promise<void> {
  await Promise.allSettled(Array.from({ length: count }, async (_, index) => act(index)));
}

/** Does something again and again until the attack ends. */
export async function again({ signal }: Target, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) await act();
}

/**
 * Sends something by a connection of its own, which it keeps until the gateway closes it.
 *
 * @param then what it does once an answer has begun
 */
export async function hold(
  target: Target,
  bytes: string,
  then: 'read' | 'pause' | 'leave' = 'read',
): Promise<void> {
  const socket = await dial(target);
  let read = '';
  const take = (data: Buffer): void => {
    read += String(data);
    // The body may come after the head.
    const [, status, body] = /^HTTP\/1.1 (\d+)[^]*?\r\n\r\n([^]+)/.exec(read) ?? [];
    if (body === undefined) return;
    target.saw((status === '200' && /"code":"(\w+)"/.exec(body)?.[1]) || String(status));
    socket.off('data', take);
    if (then === 'pause') socket.pause();
    else if (then === 'leave') socket.destroy();
    else socket.resume();
  };
  socket.on('data', take);
  socket.write(bytes);
  await closed(socket);
}

/** Opens a hundred subscriptions by one WebSocket, and reads all events. */
export async function listen(
  target: Target,
  token: string,
  subscription: (id: number) => Buffer,
): Promise<void> {
  const socket = await dialWebSocket(target, token);
  socket.on('data', (data) => {
    for (const [, code = 'next'] of String(data).matchAll(/"code":"(\w+)"|"type":"next"/g)) target.saw(code);
  });
  for (let id = 0; id < 100; id++) socket.write(subscription(id));
  await closed(socket);
}
