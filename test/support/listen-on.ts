import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';

/** Lets a server listen on a free port of loopback. It cuts all connections off when it is disposed of. */
export async function listenOn(server: Server) {
  /** The connections that are open. */
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).once('close', () => sockets.delete(socket));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    sockets,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      if (server.listening) await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A port that was free a moment ago, for a program that can't choose one, or comes back to it. */
export async function freePort(): Promise<number> {
  await using listening = await listenOn(createServer());
  return listening.port;
}
