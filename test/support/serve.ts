import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listenOn } from './listen-on.ts';

/**
 * A server on a free port of loopback, which cuts its connections off when it is disposed of.
 *
 * @param answer a request whose answer rejects is cut off
 */
export async function serve(answer: (request: IncomingMessage, response: ServerResponse) => unknown) {
  const server = createServer((request, response) => {
    Promise.try(answer, request, response).catch(() => response.destroy());
  });
  const listening = await listenOn(server);
  return { ...listening, baseUrl: `http://127.0.0.1:${listening.port}`, server };
}
