import type { Log } from '../observability/log.ts';
import type { Metrics } from '../observability/metrics.ts';
import { type GatewayPlugin, gatewayOf } from './gateway-request.ts';
import type { RateLimiter } from './rate-limiter.ts';

/** The charge of each request before it is parsed, since parsing takes time as well. */
export const REQUEST_CHARGE = 1;

/** Charges each request. The rest of the cost is charged once the operation is priced. */
export function useRequestRateLimit(rateLimit: RateLimiter): GatewayPlugin {
  return {
    onParams: ({ context }) => rateLimit.charge(gatewayOf(context).credentials.account, REQUEST_CHARGE),
  };
}

/** Opens the rate limit of a gateway, if it has one. @param closes receives its connection to the store */
export async function openRateLimit(
  settings: { readonly rateLimit: number | undefined; readonly rateLimitStore: string | undefined },
  metrics: Pick<Metrics, 'series'>,
  log: Log,
  closes: AsyncDisposableStack,
): Promise<RateLimiter | undefined> {
  const { rateLimit: points, rateLimitStore: url } = settings;
  if (points === undefined) return undefined;
  // Imported only if there is a limit, since the library takes time to load.
  const { openRateLimitStore } = await import('./rate-limit-store.ts');
  const { createRateLimiter } = await import('./rate-limiter.ts');
  const { rate_limit_store_up: isStoreUp, rate_limited_operations: refused } = metrics.series;
  const onChange = (isUp: boolean, reason?: string): void => {
    isStoreUp.set(Number(isUp));
    if (isUp) log.info({}, 'RATE_LIMIT counts for all replicas: its store answers');
    else log.warn({ reason }, 'RATE_LIMIT counts for each replica: its store does not answer');
  };
  const minute = { points, duration: 60 };
  const store = url === undefined ? undefined : await openRateLimitStore(url, minute, onChange, closes);
  return createRateLimiter(minute, store, () => refused.inc());
}
