import { setTimeout as sleep } from 'node:timers/promises';
import { type RateLimiterMemory, RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { ConfigError } from '../config/config-error.ts';
import { callerDigest } from '../upstream/credentials.ts';

/** What counts the points of keys. @throws RateLimiterRes if there are too few left */
type Limiter = Pick<RateLimiterMemory, 'consume' | 'get' | 'reward'>;

/** Counts for all replicas together. It holds digests of accounts, each for a minute at most. */
export interface RateLimitStore extends Disposable {
  /** Returns a limiter with the points and the duration of this one, which counts while the store is away. */
  limiter(own: RateLimiterMemory): Limiter;
}

/** Milliseconds after which an answer of the store isn't waited for. */
const TIMEOUT_MS = 250;
/** Milliseconds in which the store isn't asked after it has failed. */
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
  let awayUntil = 0;
  const change = (now: boolean, error?: unknown): void => {
    if (!now) awayUntil = performance.now() + AWAY_MS;
    if (now === isUp) return;
    isUp = now;
    onChange(now, reasonOf(error));
  };
  client.on('ready', () => change(true));
  client.on('error', (error) => change(false, error));
  await Promise.race([client.connect().catch(() => undefined), sleep(AWAY_MS, undefined, { ref: false })]);
  if (isUp === undefined) change(false);
  return {
    limiter(own) {
      const { points, duration } = own;
      const shared = new RateLimiterRedis({
        storeClient: client,
        keyPrefix: 'runs-gateway:rate-limit',
        points,
        duration,
      });
      const ask = async <Answer>(
        key: string | number,
        of: (limiter: Limiter, id: string | number) => Promise<Answer>,
      ): Promise<Answer> => {
        if (isUp === false && performance.now() < awayUntil) return of(own, key);
        try {
          const answer = await of(shared, callerDigest(String(key)));
          change(true);
          return answer;
        } catch (reason) {
          if (reason instanceof RateLimiterRes) throw reason;
          change(false, reason);
          return of(own, key);
        }
      };
      return {
        consume: (key, spent) => ask(key, (limiter, id) => limiter.consume(id, spent)),
        get: (key) => ask(key, (limiter, id) => limiter.get(id)),
        reward: (key, refused) => ask(key, (limiter, id) => limiter.reward(id, refused)),
      };
    },
    [Symbol.dispose]: () => client.disconnect(),
  };
}

/** Its code stands for an error without a message: that of several addresses. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.message || ('code' in error ? String(error.code) : error.name);
}
