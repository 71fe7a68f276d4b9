import { isIP } from 'node:net';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { UpstreamTls } from './upstream-tls.ts';

/** How the API is reached. */
export interface ConnectionOptions {
  readonly timeoutMs: number;
  /** URL of an HTTP proxy, perhaps with credentials. @default none */
  readonly upstreamProxy?: string | undefined;
  /** The certificates of connections. @default Node's root certificates */
  readonly tls?: UpstreamTls | undefined;
  /** Sends the requests in place of connections; closed by its creator. @default connections to the origin */
  readonly dispatcher?: Dispatcher | undefined;
}

/** Milliseconds after which a connection to a name gets no further requests, so that a name that has moved is followed. */
const MAX_AGE_MS = 15_000;

/** Creates a pool of connections to one origin, which goes through a proxy if there is one. */
export function createPool(
  origin: string,
  pool: Pool.Options,
  { timeoutMs, upstreamProxy: proxy, tls }: ConnectionOptions,
): Dispatcher {
  const secureContext = tls && { secureContext: tls.context };
  const isAddress = isIP(new URL(proxy ?? origin).hostname.replaceAll(/[[\]]/g, '')) !== 0;
  const options: Pool.Options = {
    ...pool,
    connect: { timeout: timeoutMs, ...secureContext },
    // With HTTP/2, all requests would share one connection, and be lost with it, and no POST would get a new one.
    allowH2: false,
    clientTtl: isAddress ? null : MAX_AGE_MS,
  };
  if (proxy === undefined) return new Pool(origin, options);
  return new ProxyAgent({
    uri: proxy,
    connectTimeout: timeoutMs,
    // Only the API gets the client certificate, not the proxy.
    requestTls: { ...secureContext },
    // The agent passes on many options, of which only `connect` is needed.
    factory: (to, { connect }: Pool.Options) => new Pool(to, { ...options, ...(connect && { connect }) }),
  }).compose((dispatch) => (request, handler) => dispatch({ ...request, origin }, handler));
}

/** The connections to one origin. When the certificates were read again, all requests get new connections. */
export class Connections implements AsyncDisposable {
  readonly #tls: UpstreamTls | undefined;
  readonly #create: (more?: Pool.Options) => Dispatcher;
  readonly #pools = new Set<Dispatcher>();
  #current: { readonly context: unknown; readonly used: Dispatcher; readonly fresh: Dispatcher };

  constructor(origin: string, pool: Pool.Options, options: ConnectionOptions) {
    const { tls, dispatcher } = options;
    this.#tls = tls;
    this.#create = (more) => {
      if (dispatcher !== undefined) return dispatcher;
      const created = createPool(origin, { ...pool, ...more }, options);
      this.#pools.add(created);
      return created;
    };
    this.#current = this.#open();
  }

  /**
   * Returns what sends a request. Without pipelining, a POST goes by a new connection: on a used one, which the API may be
   * closing, it could be lost without a response.
   */
  for(method: 'GET' | 'POST'): Dispatcher {
    if (this.#current.context !== this.#tls?.context) {
      // The former pools are closed when their requests have ended.
      for (const pool of this.#pools) void pool.close().finally(() => this.#pools.delete(pool));
      this.#current = this.#open();
    }
    return method === 'GET' ? this.#current.used : this.#current.fresh;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#pools].map((pool) => pool.destroy()));
  }

  #open() {
    return {
      context: this.#tls?.context,
      used: this.#create(),
      fresh: this.#create({ pipelining: 0 }),
    };
  }
}
