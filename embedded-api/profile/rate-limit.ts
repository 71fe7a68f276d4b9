import type { RETRY_AFTER } from '../options.ts';
import { errorReply, HttpError } from '../routes/reply.ts';

interface RateLimitOptions {
  /** Requests per second, such as `50`, or how many of a hundred are refused, such as `10%`. */
  readonly rateLimit: string;
  readonly retryAfter: (typeof RETRY_AFTER)[number];
  readonly now: () => Date;
}

/** Returns a function that is called for each request. It throws an HttpError (429) for those beyond the limit. */
export function createRateLimit({ rateLimit, retryAfter, now }: RateLimitOptions): () => void {
  const limit = Number.parseInt(rateLimit, 10);
  let [owed, second, count] = [0, 0, 0];
  const isBeyondShare = (): boolean => {
    // Spreads the refused ones evenly, so that the first request passes.
    owed += limit;
    if (owed < 100) return false;
    owed -= 100;
    return true;
  };
  const isBeyondRate = (): boolean => {
    const current = Math.floor(now().getTime() / 1000);
    count = current === second ? count + 1 : 1;
    second = current;
    return count > limit;
  };
  const headers = {
    none: () => ({}),
    seconds: () => ({ 'retry-after': '1' }),
    // Rounded up, so that it isn't too early.
    date: () => ({ 'retry-after': new Date(Math.ceil(now().getTime() / 1000 + 1) * 1000).toUTCString() }),
  };
  return () => {
    const isBeyond = rateLimit.endsWith('%') ? isBeyondShare() : isBeyondRate();
    if (isBeyond) throw new HttpError(errorReply(429, 'Too Many Requests', headers[retryAfter]()));
  };
}
