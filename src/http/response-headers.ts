import { type GatewayPlugin, headerOf } from '../access/gateway-request.ts';
import { DATA_HEADERS } from '../access/refusal.ts';
import { REQUEST_ID_HEADER, requestIdOf } from '../observability/request-id.ts';

/** Keep proxies from buffering events. */
const EVENT_HEADERS = { 'cache-control': 'no-cache, no-transform', 'x-accel-buffering': 'no' };

/** The headers of a request that decide about the form of its response; what a plugin has set stays. */
export const VARY = 'accept, accept-encoding';

/** Sets the id of each request, and the headers of each response for security and retries. */
export function useResponseHeaders(): GatewayPlugin {
  return {
    onRequest({ request, serverContext }) {
      serverContext.requestId ??= requestIdOf(headerOf(request, serverContext, REQUEST_ID_HEADER));
    },
    onResponse({ request, response: { headers }, serverContext }) {
      const id = serverContext.requestId ?? requestIdOf(request.headers.get(REQUEST_ID_HEADER));
      headers.set(REQUEST_ID_HEADER, id);
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
      if (serverContext.gateway !== undefined && headers.get('vary') !== VARY) headers.append('vary', VARY);
      const { retryAfterSeconds = -1 } = serverContext;
      if (retryAfterSeconds >= 0) headers.set('retry-after', String(retryAfterSeconds));
    },
  };
}
