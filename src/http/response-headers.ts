import { type GatewayPlugin, headerOf } from '../access/gateway-request.ts';
import { DATA_HEADERS } from '../access/refusal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';

/** For events: `no-transform` and `x-accel-buffering` keep proxies from buffering. */
const EVENT_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** Sets the id of each request, and the headers of each response for security and retries. */
export function useResponseHeaders(): GatewayPlugin {
  return {
    onRequest({ request, serverContext }) {
      serverContext.requestId ??= requestIdOf(headerOf(request, serverContext, REQUEST_ID_HEADER));
    },
    onResponse({ request, response, serverContext, setResponse }) {
      const id = serverContext.requestId ?? requestIdOf(request.headers.get(REQUEST_ID_HEADER));
      const { headers } = withId(response, id, setResponse);
      const type = headers.get('content-type');
      for (const name in DATA_HEADERS) {
        if (headers.get(name) === null) headers.set(name, DATA_HEADERS[name] ?? '');
      }
      // Yoga would keep the connections of streams alive while the gateway drains.
      if (type?.includes('json') !== true && headers.get('connection') === 'keep-alive')
        headers.delete('connection');
      if (type?.startsWith('text/event-stream') === true) {
        headers.delete('content-encoding');
        for (const [name, value] of Object.entries(EVENT_HEADERS)) headers.set(name, value);
      }
      if (serverContext.gateway !== undefined) vary(headers, 'accept');
      const { retryAfterSeconds = -1 } = serverContext;
      if (retryAfterSeconds >= 0) headers.set('retry-after', String(retryAfterSeconds));
    },
  };
}

/** Returns a response with its id: a copy if its headers are immutable, as those of `Response.redirect()` and `fetch`. */
function withId(response: Response, id: string, setResponse: (copy: Response) => void): Response {
  try {
    response.headers.set(REQUEST_ID_HEADER, id);
    return response;
  } catch {
    const copy = new Response(response.body, response);
    copy.headers.set(REQUEST_ID_HEADER, id);
    // `fetch` has decoded the body.
    for (const name of ['content-encoding', 'content-length']) copy.headers.delete(name);
    setResponse(copy);
    return copy;
  }
}

/** Adds a name to the `Vary` of a response. */
export function vary(headers: Headers, name: string): void {
  const before = headers.get('vary');
  if (before === null) headers.set('vary', name);
  else if (!before.toLowerCase().includes(name)) headers.set('vary', `${before}, ${name}`);
}
