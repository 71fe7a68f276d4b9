import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** Whom an attacker asks, as whom, and until when. */
export interface Target {
  /** Of the gateway, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly token: string;
  /** The oldest run of the upstream but some. */
  readonly runId: string;
  readonly signal: AbortSignal;
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
export async function closed(socket: Socket): Promise<void> {
  if (!socket.closed) await once(socket, 'close').catch(() => undefined);
}

/** The text of a POST request for an operation. */
export function post(token: string, body: string, accept = 'application/json'): string {
  const head = `POST /graphql HTTP/1.1\r\nhost: localhost\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\naccept: ${accept}`;
  return `${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;
}

/** Opens a WebSocket; with a token also what `connection_init` begins. */
export async function dialWebSocket(target: Omit<Target, 'token'>, token?: string): Promise<Socket> {
  const socket = await dial(target);
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\nsec-websocket-protocol: graphql-transport-ws\r\n\r\n',
  );
  await once(socket, 'data');
  if (token !== undefined) {
    const payload = { authorization: `Bearer ${token}` };
    socket.write(frame(JSON.stringify({ type: 'connection_init', payload })));
    await once(socket, 'data');
  }
  return socket;
}

/** A text frame whose mask is zero. */
export function frame(message: string): Buffer {
  const text = Buffer.from(message);
  const length = Buffer.alloc(14);
  length[0] = 0x81;
  length[1] = 0xff;
  length.writeBigUInt64BE(BigInt(text.length), 2);
  return Buffer.concat([length, text]);
}

/** A frame that subscribes. */
export function subscribe(id: number, query: string, variables?: object): Buffer {
  return frame(JSON.stringify({ type: 'subscribe', id: String(id), payload: { query, variables } }));
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

/** Does something again and again, at most ten times a second, until the attack ends. */
export async function again({ signal }: Target, act: () => Promise<void>): Promise<void> {
  while (!signal.aborted) await Promise.all([act(), sleep(100)]);
}

/** Sends something by a connection of its own, and waits until that is answered or closed. */
export async function hold(target: Target, bytes: string, isUnread = false): Promise<void> {
  const socket = await dial(target);
  if (isUnread) socket.pause();
  else socket.once('data', () => socket.destroy());
  socket.write(bytes);
  await closed(socket);
}
