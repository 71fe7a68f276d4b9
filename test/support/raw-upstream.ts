import { type AddressInfo, createServer, type Socket } from 'node:net';

/** What a server does with one request that it has read: whatever bytes, whenever, or nothing. */
export type RawAnswer = (socket: Socket, request: { readonly number: number; readonly head: string }) => void;

export interface RawUpstream extends AsyncDisposable {
  readonly baseUrl: string;
  /** How requests are answered from now on. */
  answer: RawAnswer;
  /** Heads of the requests so far, each up to its empty line. */
  readonly heads: string[];
  /** Connections that were closed after a request to which not a byte was answered. */
  readonly abandoned: () => number;
}

/** An upstream down to its bytes, so that it can fail in every way there is. */
export async function startRawUpstream(answer: RawAnswer): Promise<RawUpstream> {
  const heads: string[] = [];
  const sockets = new Set<Socket>();
  let abandoned = 0;
  const server = createServer((socket) => {
    sockets.add(socket);
    let pending = '';
    let answering = false;
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end !== -1; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        pending = pending.slice(end + 4);
        heads.push(head);
        answering = true;
        upstream.answer(socket, { number: heads.length, head });
      }
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      sockets.delete(socket);
      if (answering && socket.bytesWritten === 0) abandoned++;
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const upstream: RawUpstream = {
    baseUrl: `http://127.0.0.1:${port}`,
    answer,
    heads,
    abandoned: () => abandoned,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  return upstream;
}

/** A whole answer; its length and type are told unless `headers` say otherwise. */
export function answerWith(
  status: number,
  body: string,
  headers: Readonly<Record<string, string>> = {},
): RawAnswer {
  const all = {
    'content-type': 'application/json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return (socket) => socket.write(`HTTP/1.1 ${status} X\r\n${lines.join('')}\r\n${body}`);
}
