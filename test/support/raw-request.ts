import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';

/** Opens a connection to the server at a URL. */
export async function connectTo(url: string): Promise<Socket> {
  const { hostname, port } = new URL(url);
  const socket = createConnection({ host: hostname, port: Number(port) });
  await once(socket, 'connect');
  return socket;
}

/** Sends a request as it stands, line by line, and returns the answer when the connection is closed. */
export async function sendRaw(url: string, lines: readonly string[]): Promise<string> {
  const socket = await connectTo(url);
  socket.write([...lines, 'connection: close', '', ''].join('\r\n'));
  let answer = '';
  for await (const chunk of socket) answer += chunk;
  return answer;
}

/** Resolves with what a socket says when it is closed, in good order or not. */
export function closing(socket: NodeJS.EventEmitter): Promise<unknown> {
  socket.on('error', () => undefined);
  return new Promise((resolve) => socket.once('close', resolve));
}
