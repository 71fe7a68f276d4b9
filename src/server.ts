import { createServer } from 'node:http';
import { createServerAdapter } from '@whatwg-node/server';

export interface ListenOptions {
  readonly host: string;
  /** 0 for any free port. */
  readonly port: number;
}

export interface Listener extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
}

/**
 * Serves a fetch handler over HTTP. Disposing stops accepting, and resolves when all that was
 * accepted has been answered.
 *
 * @throws the error of `listen`, such as EADDRINUSE
 */
export async function listen(
  fetch: (request: Request) => Promise<Response>,
  { host, port }: ListenOptions,
): Promise<Listener> {
  const adapter = createServerAdapter(fetch);
  const server = createServer((request, response) => void adapter(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address !== null ? address.port : port;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${actualPort}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve, reject) => {
        server.close((error) => (error === undefined ? resolve() : reject(error)));
        server.closeIdleConnections();
      }),
  };
}
