import { connect, createServer } from 'node:net';
import { listenOn } from './listen-on.ts';

/** A network between a client and a server, which can fail. @param port of loopback, where the server listens */
export async function startCutProxy(port: number) {
  let isCut = false;
  const listening = await listenOn(
    createServer((client) => {
      if (isCut) return client.destroy();
      const target = connect(port, '127.0.0.1');
      target.on('error', () => client.destroy()).once('close', () => client.destroy());
      client.once('close', () => target.destroy());
      return client.pipe(target).pipe(client);
    }),
  );
  return {
    ...listening,
    /** Cuts all connections off, and refuses others until it is restored. */
    cut() {
      isCut = true;
      for (const socket of listening.sockets) socket.destroy();
    },
    restore() {
      isCut = false;
    },
  };
}
