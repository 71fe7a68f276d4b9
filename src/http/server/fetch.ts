import type { Client, Clients } from './clients.ts';
import type { Handler } from './handler.ts';
import type { HttpAnswer } from './http-answer.ts';
import { RequestBody } from './request-body.ts';

/** Handles a request by the fetch standard. Never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** What an answer makes the process hold is the caller's affair once it has the response. */
export function createFetch(handle: Handler, clients: Clients): FetchHandler {
  return async (request) => {
    const cutOff = new AbortController();
    const client = openClient(clients, request.signal, cutOff);
    const body = new RequestBody(client.holder);
    const { host, pathname: path, search } = new URL(request.url);
    const { method, headers } = request;
    const answer = await handle({
      method,
      host,
      path,
      search: search.slice(1),
      headers: Object.fromEntries(headers),
      signal: cutOff.signal,
      client,
      readBody: () => body.readFetch(request),
    });
    body.drop();
    if (answer.stream !== undefined) return responseOf(answer, closing(answer.stream, client, cutOff));
    client.close();
    return responseOf(answer, answer.body.length === 0 ? null : Buffer.concat(answer.body));
  };
}

/**
 * Its functions keep nothing of the request, as those within the handler would for as long as an answer streams. The
 * signals of adapters are their own, which `AbortSignal.any` doesn't take.
 */
function openClient(clients: Clients, signal: AbortSignal, cutOff: AbortController): Client {
  const abort = (): void => cutOff.abort();
  if (signal.aborted) abort();
  else signal.addEventListener('abort', abort, { once: true });
  return clients.open(abort);
}

function responseOf(
  { status, headers }: HttpAnswer,
  body: Uint8Array | AsyncIterable<Uint8Array> | null,
): Response {
  // A response takes anything that can be iterated; its type says less.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- See above.
  return new Response(body as BodyInit | null, { status, headers });
}

/** No generator: one that is cancelled before it is first read would run none of its code. */
function closing(
  stream: AsyncIterable<Uint8Array>,
  client: Client,
  cutOff: AbortController,
): AsyncIterable<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]();
  const close = (): void => {
    client.close();
    cutOff.abort();
  };
  const own: AsyncIterableIterator<Uint8Array> = {
    async next() {
      const part = await parts.next();
      if (part.done === true) close();
      return part;
    },
    async return() {
      close();
      await parts.return?.();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]: () => own,
  };
  return own;
}
