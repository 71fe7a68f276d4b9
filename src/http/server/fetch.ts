import type { HostCheck } from '../../config/hosts.ts';
import type { Journal } from '../../observability/journal.ts';
import type { Client, Clients } from './clients.ts';
import { refuse } from './failure.ts';
import type { Handler } from './handler.ts';
import type { HttpAnswer } from './http-answer.ts';
import { RequestBody } from './request-body.ts';
import { checkHost } from './request-head.ts';

/** Handles a request by the fetch standard. Never rejects. */
export type FetchHandler = (request: Request) => Promise<Response>;

/** What an answer makes the process hold is the caller's affair once it has the response. */
export function createFetch(
  handle: Handler,
  serves: HostCheck,
  clients: Clients,
  journal: Journal,
): FetchHandler {
  return async (request) => {
    const { host, pathname: path, search } = new URL(request.url);
    const { method } = request;
    const headers = Object.fromEntries(request.headers);
    const refusal = checkHost(host, serves);
    if (refusal !== undefined) return responseOf(refuse(refusal, headers, journal));
    const cutOff = new AbortController();
    const client = openClient(clients, request.signal, cutOff);
    const body = new RequestBody(client.holder);
    const answer = await handle({
      method,
      host,
      path,
      search: search.slice(1),
      headers,
      signal: cutOff.signal,
      client,
      readBody: () => body.readFetch(request),
    });
    body.drop();
    if (answer.stream !== undefined) return new Response(streamOf(answer.stream, client, cutOff), answer);
    client.close();
    return responseOf(answer);
  };
}

function responseOf(answer: HttpAnswer): Response {
  return new Response(answer.body.length === 0 ? null : Buffer.concat(answer.body), answer);
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

function streamOf(
  stream: AsyncIterable<Uint8Array>,
  client: Client,
  cutOff: AbortController,
): ReadableStream<Uint8Array> {
  const parts = stream[Symbol.asyncIterator]();
  const close = (): void => {
    client.close();
    cutOff.abort();
  };
  return new ReadableStream(
    {
      async pull(controller) {
        const { done, value } = await parts.next();
        if (done !== true) return controller.enqueue(value);
        close();
        controller.close();
      },
      async cancel() {
        close();
        await parts.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}
