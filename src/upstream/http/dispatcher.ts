import dns, { type LookupAddress } from 'node:dns';
import { isIP, type LookupFunction } from 'node:net';
import { type Dispatcher, Pool, ProxyAgent } from 'undici';
import type { UpstreamTls } from './upstream-tls.ts';

/** Finds all addresses of a name, as `dns.lookup` does. */
export type FindAddresses = (
  hostname: string,
  options: { readonly all: true },
  callback: (error: NodeJS.ErrnoException | null, addresses?: LookupAddress[]) => void,
) => void;

/** How the API is reached. */
export interface ConnectionOptions {
  /** Milliseconds to connect. */
  readonly timeoutMs: number;
  /** URL of an HTTP proxy, perhaps with credentials. @default none */
  readonly upstreamProxy?: string | undefined;
  /** The certificates of connections. @default Node's root certificates */
  readonly tls?: UpstreamTls | undefined;
  /** @default dns.lookup */
  readonly findAddresses?: FindAddresses | undefined;
  /**
   * Milliseconds after which a connection to a name, or with TLS files, gets no further requests, so that a name that
   * has moved is followed, and a renewed certificate is used. It is closed when its requests have ended.
   *
   * @default 15000
   */
  readonly maxAgeMs?: number | undefined;
  /** Sends the requests in place of connections; closed by its creator. @default connections to the origin */
  readonly dispatcher?: Dispatcher | undefined;
}

/** Creates a pool of connections to one origin, which goes through a proxy if there is one. */
export function createDispatcher(
  origin: string,
  pool: Pool.Options,
  { timeoutMs, upstreamProxy: proxy, tls, findAddresses, maxAgeMs = 15_000 }: ConnectionOptions,
): Dispatcher {
  const { hostname } = new URL(proxy ?? origin);
  const isAddress = isIP(hostname.replaceAll(/[[\]]/g, '')) !== 0;
  const lookup = isAddress ? undefined : createLookup(findAddresses);
  const secure = tls?.connectOptions;
  const options: Pool.Options = {
    ...pool,
    connect: { timeout: timeoutMs, ...(lookup && { lookup }), ...secure },
    // By HTTP/2 all requests would share, and lose, one connection, and no POST would have a new one.
    allowH2: false,
    clientTtl: isAddress && tls === undefined ? null : maxAgeMs,
  };
  if (proxy === undefined) return new Pool(origin, options);
  return new ProxyAgent({
    uri: proxy,
    connectTimeout: timeoutMs,
    // Otherwise all requests would wait for the first tunnel, which a proxy may never open.
    clientFactory: (proxyOrigin, { connect }: Pool.Options) =>
      new Pool(proxyOrigin, { headersTimeout: timeoutMs, ...(connect && { connect }) }),
    // The proxy isn't shown the client certificate, which is for the API.
    proxyTls: { ...(lookup && { lookup }) },
    requestTls: { ...secure },
    // Of the options that the agent passes on, only `connect` is needed.
    factory: (to, { connect }: Pool.Options) => new Pool(to, { ...options, ...(connect && { connect }) }),
  }).compose((dispatch) => (request, handler) => dispatch({ ...request, origin }, handler));
}

const atRandom = (a: LookupAddress, b: LookupAddress) => (a.family === b.family ? Math.random() - 0.5 : 0);

/** Resolves a name for each new connection, the addresses of each family in random order, so that connections spread. */
function createLookup(findAddresses: FindAddresses = dns.lookup): LookupFunction {
  return (hostname, { all = false }, callback) =>
    findAddresses(hostname, { all: true }, (error, found = []) => {
      const addresses = found.toSorted(atRandom);
      const [{ address, family } = { address: '', family: 0 }] = addresses;
      if (all) callback(error, addresses);
      else callback(error, address, family);
    });
}
