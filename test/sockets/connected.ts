import { openListening } from '../support/open-listening.ts';
import { openSocket } from '../support/raw-socket.ts';

/** A gateway, and a connection to it on which the client has said who it is unless `init` stands for nothing. */
export async function connected(
  options: Parameters<typeof openListening>[0] = {},
  init: unknown = {},
  headers = {},
) {
  await using opening = new AsyncDisposableStack();
  const server = opening.use(await openListening(options));
  const url = `${server.url}/graphql`;
  const socket = opening.use(await openSocket(url, init, headers));
  const parts = opening.move();
  return { ...server, socket, webSocketUrl: url, [Symbol.asyncDispose]: () => parts.disposeAsync() };
}
