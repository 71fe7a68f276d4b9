import { createClient as createSseClient } from 'graphql-sse';
import { createClient as createWsClient } from 'graphql-ws';
import { WebSocket } from 'ws';

/** One result of a subscription, as clients get it. */
interface EventResult {
  readonly data?: Readonly<Record<string, unknown>> | null | undefined;
  readonly errors?: readonly { readonly message: string; readonly extensions?: Record<string, unknown> }[];
}

interface SubscribeOptions {
  readonly query: string;
  readonly variables?: Record<string, unknown>;
  /** Sent with the request, or in the message that opens a WebSocket. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** Subscribes as the official client of a transport does. */
export type Subscribe = (url: string, options: SubscribeOptions) => AsyncIterableIterator<EventResult>;

export const TRANSPORTS: Readonly<Record<string, Subscribe>> = {
  'server-sent events'(url, { headers = {}, ...payload }) {
    const client = createSseClient({ url, headers, retryAttempts: 0 });
    return client.iterate(payload) as AsyncIterableIterator<EventResult>;
  },
  WebSockets(url, { headers = {}, ...payload }) {
    const client = createWsClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      connectionParams: headers,
    });
    return client.iterate(payload) as AsyncIterableIterator<EventResult>;
  },
};
