import type { Gateway } from '../../src/gateway.ts';
import { listen } from '../../src/http/server/listen.ts';

/** How a request gets to the gateway: by the fetch standard, or through Node's http module and a socket. */
export interface Transport extends AsyncDisposable {
  send(path: string, init?: RequestInit): Promise<Response>;
}

export const TRANSPORTS = {
  async fetch(gateway: Gateway): Promise<Transport> {
    return {
      send: (path, init) => gateway.fetch(new Request(`http://gateway${path}`, init)),
      [Symbol.asyncDispose]: async () => undefined,
    };
  },
  async listener(gateway: Gateway): Promise<Transport> {
    const listener = await listen(gateway, { host: '127.0.0.1', port: 0, drainTimeoutMs: 1000 });
    return {
      send: (path, init) => fetch(listener.url + path, init),
      [Symbol.asyncDispose]: () => listener[Symbol.asyncDispose](),
    };
  },
};

export function postJson(
  transport: Transport,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<Response> {
  return transport.send('/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    ...(signal !== undefined && { signal }),
  });
}
