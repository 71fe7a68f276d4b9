import { connect, type Socket } from 'node:net';
import { type HttpResponse, readResponse } from './http-response.ts';

/** How an exchange ended that brought no answer. `silence`: nothing came in time. */
type NoAnswer = 'closed' | 'malformed' | 'silence';

/** One client's connection, kept from request to request and renewed when the server closes it. */
export interface Connection extends Disposable {
  /** Sends one whole request and waits for its answer. */
  exchange(bytes: Buffer, isHead: boolean): Promise<HttpResponse | NoAnswer>;
}

/** Milliseconds; an answer that takes longer never comes. */
const SILENCE_MS = 20_000;
/** Milliseconds that the server gets to close a connection that the client has ended. */
const CLOSE_MS = 2_000;

export function createConnection(port: number): Connection {
  let socket: Socket | undefined;

  const once = (bytes: Buffer, isHead: boolean): Promise<HttpResponse | NoAnswer> =>
    new Promise((resolve) => {
      socket ??= open(port);
      const current = socket;
      let received: Buffer = Buffer.alloc(0);
      const finish = (result: HttpResponse | NoAnswer): void => {
        clearTimeout(timer);
        current.off('data', onData).off('close', onClose);
        if (typeof result === 'string' || result.headers.get('connection') === 'close') {
          current.destroy();
          socket = undefined;
        }
        resolve(result);
      };
      const onData = (chunk: Buffer): void => {
        received = received.length === 0 ? chunk : Buffer.concat([received, chunk]);
        const response = readResponse(received, isHead);
        if (response !== 'incomplete') finish(response);
      };
      const onClose = (): void => finish('closed');
      const timer = setTimeout(() => finish('silence'), SILENCE_MS);
      current.on('data', onData).once('close', onClose);
      current.write(bytes);
    });

  return {
    async exchange(bytes, isHead) {
      const isReused = socket !== undefined;
      const result = await once(bytes, isHead);
      // A server may close what it takes for idle, while the request is on its way.
      return result === 'closed' && isReused ? once(bytes, isHead) : result;
    },
    [Symbol.dispose]: () => socket?.destroy(),
  };
}

/** Sends bytes over a connection of their own, ends it, and returns all that comes before it closes. */
export function sendGarbage(port: number, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const socket = open(port);
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => socket.destroy(), CLOSE_MS);
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(Buffer.concat(chunks));
    });
    socket.end(bytes);
  });
}

function open(port: number): Socket {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  // The close that follows tells.
  return socket.on('error', () => undefined);
}
