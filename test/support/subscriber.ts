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
  readonly token?: string;
}

/** Subscribes as the official client of a transport does. */
export type Subscribe = (url: string, options: SubscribeOptions) => AsyncIterableIterator<EventResult>;

export const TRANSPORTS: Readonly<Record<string, Subscribe>> = {
  'server-sent events'(url, { token, ...payload }) {
    const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const client = createSseClient({ url, headers, retryAttempts: 0 });
    return client.iterate(payload) as AsyncIterableIterator<EventResult>;
  },
  WebSockets(url, { token, ...payload }) {
    const client = createWsClient({
      url: url.replace('http', 'ws'),
      webSocketImpl: WebSocket,
      retryAttempts: 0,
      ...(token !== undefined && { connectionParams: { authorization: `Bearer ${token}` } }),
    });
    return client.iterate(payload) as AsyncIterableIterator<EventResult>;
  },
};
