import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { listenOn } from './listen-on.ts';

/** A notice as a webhook gets it. */
export interface Received {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly id: string;
  readonly type: string;
}

type Answer = (response: ServerResponse, notice: Received) => unknown;

/** Receives notices. `answer` answers each; by default all are taken. */
export async function startReceiver(answer: Answer = (response) => response.end()) {
  const received: Received[] = [];
  const receiver = { received, answer, ids: () => received.map(({ id }) => id) };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    const notice = { ...(JSON.parse(body) as Received), headers: request.headers, body };
    received.push(notice);
    receiver.answer(response, notice);
  };
  const server = createServer((request, response) => {
    // A sender that is killed may leave half a request.
    take(request, response).catch(() => undefined);
  });
  const { port, [Symbol.asyncDispose]: close } = await listenOn(server);
  return Object.assign(receiver, { url: `http://127.0.0.1:${port}/hook`, [Symbol.asyncDispose]: close });
}
