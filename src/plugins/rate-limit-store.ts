import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { ConfigError } from '../config/config-error.ts';

/** Counts for all replicas together. It holds digests of accounts, each for a minute at most. */
export interface RateLimitStore extends Disposable {
  /** Returns a limiter that counts in the store, and for this replica alone while that is away. */
  limiter(options: { readonly points: number; readonly duration: number }): RateLimiterRedis;
}

/** Milliseconds after which an answer of the store isn't waited for, and between attempts to reach it. */
const TIMEOUT_MS = 250;
const AWAY_MS = 1_000;

/**
 * Opens a store of Redis' protocol. It is waited for shortly, and tried again until it is disposed of.
 *
 * @param url may hold a password
 * @param onChange called at the start, and whenever the store goes away or comes back, with why in words alone: errors of
 *   the client have its commands, of which one has the password
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
    retryStrategy: () => AWAY_MS,
  });
  let isUp: boolean | undefined;
  const change = (now: boolean, error?: unknown): void => {
    if (now === isUp) return;
    isUp = now;
    onChange(now, reasonOf(error));
  };
  client.on('ready', () => change(true));
  client.on('error', (error) => change(false, error));
  await Promise.race([client.connect().catch(() => undefined), sleep(AWAY_MS, undefined, { ref: false })]);
  if (isUp === undefined) change(false);

  /** Counts for this replica alone, which shows that the store is away. */
  class Insurance extends RateLimiterMemory {
    override consume(...spent: Parameters<RateLimiterMemory['consume']>) {
      // The store has not answered in time: until it is connected again, no request waits for it.
      if (client.status === 'ready') client.disconnect(true);
      change(false);
      return super.consume(...spent);
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

/** An error that several addresses have caused has no message, but a code. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.message || ('code' in error ? String(error.code) : error.name);
}
