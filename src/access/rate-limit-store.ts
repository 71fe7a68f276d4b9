import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { ConfigError } from '../errors/config-error.ts';

/** Counts for all replicas together. It stores digests of accounts, for a minute at most. */
export interface RateLimitStore extends Disposable {
  /** Returns a limiter that counts in the store, or in this replica while the store doesn't answer. */
  limiter(options: { readonly points: number; readonly duration: number }): RateLimiterRedis;
}

/** The timeout of the store, and the time between attempts to connect, in milliseconds. */
const TIMEOUT_MS = 250;
const RECONNECT_MS = 1_000;

/**
 * Opens a store of Redis' protocol. Waits shortly for the connection, and reconnects until it is disposed of.
 *
 * @param url may hold a password
 * @param onChange called at the start, and at each loss and return of the store. The reason is only a message, since
 *   errors of the client have the command with the password
 * @throws ConfigError if the client isn't installed
 */
export async function openRateLimitStore(
  url: string,
  onChange: (isUp: boolean, reason?: string) => void,
): Promise<RateLimitStore> {
  const { Redis } = await import('ioredis').catch(() => {
    throw new ConfigError(['RATE_LIMIT_STORE needs a package: npm install ioredis']);
  });
  const client = new Redis(url, {
    lazyConnect: true,
    enableOfflineQueue: false,
    maxRetriesPerRequest: 0,
    connectTimeout: 2_000,
    commandTimeout: TIMEOUT_MS,
    retryStrategy: () => RECONNECT_MS,
  });
  let isUp: boolean | undefined;
  const setUp = (isNowUp: boolean, error?: unknown): void => {
    if (isNowUp === isUp) return;
    isUp = isNowUp;
    onChange(isNowUp, reasonOf(error));
  };
  client.on('ready', () => setUp(true));
  client.on('error', (error) => setUp(false, error));
  await Promise.race([
    client.connect().catch(() => undefined),
    sleep(RECONNECT_MS, undefined, { ref: false }),
  ]);
  if (isUp === undefined) setUp(false);

  /** Counts in this replica, when the store has failed to answer. */
  class Insurance extends RateLimiterMemory {
    override consume(...args: Parameters<RateLimiterMemory['consume']>) {
      // The store was too slow: until it is connected again, no request waits for it.
      if (client.status === 'ready') client.disconnect(true);
      setUp(false);
      return super.consume(...args);
    }
  }
  return {
    limiter: ({ points, duration }) =>
      new RateLimiterRedis({
        storeClient: client,
        keyPrefix: 'runs-gateway:rate-limit',
        points,
        duration,
        rejectIfRedisNotReady: true,
        insuranceLimiter: new Insurance({ points, duration }),
      }),
    [Symbol.dispose]: () => client.disconnect(),
  };
}

/** Returns the message of an error; its code if the message is empty, as after failures of several addresses. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.message || ('code' in error ? String(error.code) : error.name);
}
