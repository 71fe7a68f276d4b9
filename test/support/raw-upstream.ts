import { createServer, type Socket } from 'node:net';
import { listenOn } from './listen-on.ts';

/** What a server does with one request that it has read: whatever bytes, whenever, or nothing. */
export type RawAnswer = (socket: Socket, request: { readonly number: number; readonly head: string }) => void;

/** An upstream down to its bytes, so that it can fail in every way there is. */
export async function startRawUpstream(answer: RawAnswer) {
  /** Heads of the requests so far, each up to its empty line. */
  const heads: string[] = [];
  /** How requests are answered from now on. */
  const script = { answer };
  const server = createServer((socket) => {
    let pending = '';
    socket.on('data', (chunk) => {
      pending += chunk.toString('latin1');
      for (let end = pending.indexOf('\r\n\r\n'); end !== -1; end = pending.indexOf('\r\n\r\n')) {
        const head = pending.slice(0, end);
        pending = pending.slice(end + 4);
        heads.push(head);
        script.answer(socket, { number: heads.length, head });
      }
    });
  });
  const listening = await listenOn(server);
  return Object.assign(script, listening, { baseUrl: `http://127.0.0.1:${listening.port}`, heads });
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
