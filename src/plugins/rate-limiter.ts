import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { retryAfter } from '../errors/gateway-error.ts';
import type { RateLimitState } from '../loaders/context.ts';
import { Refusal } from '../server/refusal.ts';
import { callerDigest, type CallerKey, GATEWAY_ITSELF } from '../upstream/credentials.ts';
import type { RateLimitStore } from './rate-limit-store.ts';

const SECONDS = 60;
/** Accounts that are known at once. Beyond that, the one unused for longest starts again with a full allowance. */
const MAX_ACCOUNTS = 10_000;

export interface RateLimitOptions {
  /** The cost that each account may spend in a minute, which begins with its first request. */
  readonly costPerMinute: number;
  /** Counts for all replicas. @default each process counts for itself */
  readonly store?: RateLimitStore | undefined;
  /** Called for each operation that is refused. */
  readonly onRefused: () => void;
  /** Milliseconds since 1970. @default the clock */
  readonly now?: () => number;
}

/**
 * An allowance for each account: for all requests with the same access token or `Authorization`, whatever projects they
 * name. Made-up credentials only push out the counts of others.
 */
export interface RateLimit {
  /**
   * Charges an operation or an event: at most the whole allowance, so that it can be executed at all.
   *
   * @param paid what of the cost has been charged already
   * @returns why it is refused, if it is
   */
  charge(account: CallerKey, cost: number, paid?: number): Promise<Refusal | undefined>;
  /**
   * Charges upstream requests that no cost has covered, before they are made: at most a quarter of the allowance, so
   * that it can be paid at all. As much has to be left for the events that the requests lead to.
   *
   * @returns whether they are paid
   */
  chargeRequests(account: CallerKey, requests: number): Promise<boolean>;
  /** What an account has left, and what an operation of it that was charged its cost has spent. Charges nothing. */
  read(account: CallerKey, cost: number): Promise<RateLimitState>;
}

/** What each operation is charged at least. */
const MIN_CHARGE = 1;
/** The cost of a request to the upstream, about as much as by the costs of fields. */
const COST_PER_REQUEST = 3;

export function createRateLimit(options: RateLimitOptions): RateLimit {
  const { costPerMinute, store, onRefused, now = Date.now } = options;
  const minute = { points: costPerMinute, duration: SECONDS };
  const limiter = store?.limiter(minute) ?? new RateLimiterMemory(minute);
  /** The accounts that are counted in this process: made-up credentials must not be any number of them. */
  const accounts = new LRUCache<string, true>({
    max: MAX_ACCOUNTS,
    dispose(_value, key, reason) {
      if (reason === 'evict' && store === undefined) void limiter.delete(key);
    },
  });
  /** @returns milliseconds until the next minute, if that is too much for this one */
  const spend = async (account: CallerKey, points: number): Promise<number | undefined> => {
    const key = callerDigest(account);
    accounts.set(key, true);
    try {
      await limiter.consume(key, points);
      return undefined;
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      onRefused();
      // What was refused has not been spent: something smaller may still fit. Nothing does beside a single point.
      if (points > 1) await limiter.reward(key, points);
      return Math.max(1, Math.ceil(reason.msBeforeNext));
    }
  };
  return {
    async charge(account, cost, paid = 0) {
      const points = Math.min(costPerMinute, Math.max(MIN_CHARGE, cost)) - paid;
      if (account === GATEWAY_ITSELF || points <= 0) return undefined;
      const ms = await spend(account, points);
      if (ms === undefined) return undefined;
      const message = `The limit of ${costPerMinute} units of cost a minute is exceeded. Try again in ${Math.ceil(ms / 1000)} s.`;
      return new Refusal('RATE_LIMITED', message, { extensions: retryAfter(ms) });
    },
    async chargeRequests(account, requests) {
      const cost = Math.min(Math.ceil(costPerMinute / 4), requests * COST_PER_REQUEST);
      const ms = await spend(account, 2 * cost);
      if (ms === undefined) await limiter.reward(callerDigest(account), cost);
      return ms === undefined;
    },
    async read(account, cost) {
      const spent = await limiter.get(callerDigest(account));
      const { remainingPoints = costPerMinute, msBeforeNext = 0 } = spent ?? {};
      return {
        limit: costPerMinute,
        remaining: remainingPoints,
        // If that minute is over, the next one begins with the next request.
        resetAt: msBeforeNext > 0 ? new Date(now() + msBeforeNext).toISOString() : null,
        cost: Math.min(costPerMinute, Math.max(MIN_CHARGE, cost)),
      };
    },
  };
}
