import { setTimeout as sleep } from 'node:timers/promises';
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible';
import { ConfigError } from '../errors/config-error.ts';

/** How many points an account has, in how many seconds. */
export type Minute = Readonly<Record<'points' | 'duration', number>>;

/** The timeout of each command, and the time between attempts to connect, in milliseconds. */
const TIMEOUT_MS = 250;
const RECONNECT_MS = 1_000;

/**
 * Opens a limiter that counts for all replicas together in a store of Redis' protocol, or in this replica while the store
 * doesn't answer. It stores digests of accounts, for a minute at most. Waits shortly for the connection, and reconnects.
 *
 * @param url may hold a password
 * @param onChange called at the start, and at each loss and return of the store. The reason is only a message, since
 *   errors of the client have the command with the password
 * @param closes closes the connection
 * @throws ConfigError if the client isn't installed
 */
export async function openRateLimitStore(
  url: string,
  minute: Minute,
  onChange: (isUp: boolean, reason?: string) => void,
  closes: AsyncDisposableStack,
): Promise<RateLimiterRedis> {
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
  closes.defer(() => client.disconnect());
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

  return new RateLimiterRedis({
    storeClient: client,
    keyPrefix: 'runs-gateway:rate-limit',
    ...minute,
    rejectIfRedisNotReady: true,
    insuranceLimiter: new RateLimiterMemory(minute),
  });
}

/** Returns the message of an error; its code if the message is empty, as after failures of several addresses. */
function reasonOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return error.message || ('code' in error ? String(error.code) : error.name);
}
