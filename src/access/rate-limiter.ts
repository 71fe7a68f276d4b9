import { RateLimiterMemory, type RateLimiterRedis, RateLimiterRes } from 'rate-limiter-flexible';
import { retryAfter } from '../errors/gateway-error.ts';
import type { RateLimitState } from '../loaders/context.ts';
import { type CallerKey, GATEWAY_ITSELF } from '../upstream/credentials.ts';
import type { Minute } from './rate-limit-store.ts';
import { Refusal } from './refusal.ts';

/** Operations without cost are charged too: parsing and executing them takes time. */
const MIN_CHARGE = 1;
/** The cost of an upstream request, about as much as the costs of fields add up to for each request. */
const COST_PER_REQUEST = 3;

export type RateLimiter = ReturnType<typeof createRateLimiter>;

/**
 * An allowance for each account: for all requests with the same access token or `Authorization`, for any project.
 *
 * @param minute the cost that each account may spend in a minute, which begins with its first request
 * @param onRefused called for each charge that is refused
 * @param store counts for all replicas; without it, each process counts for itself
 */
export function createRateLimiter(minute: Minute, onRefused: () => void, store?: RateLimiterRedis) {
  const { points: costPerMinute } = minute;
  const limiter = store ?? new RateLimiterMemory(minute);
  /** @returns the milliseconds until the next minute if this one's allowance is exceeded; else undefined */
  const spend = async (account: CallerKey, points: number): Promise<number | undefined> => {
    try {
      await limiter.consume(account, points);
      return undefined;
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      onRefused();
      // The refused points are given back, so that a smaller operation may fit; none is smaller than one point.
      if (points > 1) await limiter.reward(account, points);
      return Math.max(1, Math.ceil(reason.msBeforeNext));
    }
  };
  return {
    /**
     * Charges an operation or an event: at most the whole allowance, so that it can be executed at all.
     *
     * @param paid the part of the cost that was charged already
     * @throws Refusal if the allowance is exceeded
     */
    async charge(account: CallerKey, cost: number, paid = 0): Promise<void> {
      const points = Math.min(costPerMinute, Math.max(MIN_CHARGE, cost)) - paid;
      if (account === GATEWAY_ITSELF || points <= 0) return;
      const ms = await spend(account, points);
      if (ms === undefined) return;
      const message = `The limit of ${costPerMinute} units of cost a minute is exceeded for the next ${Math.ceil(ms / 1000)} s.`;
      throw new Refusal('RATE_LIMITED', message, { extensions: retryAfter(ms) });
    },
    /**
     * Charges upstream requests that no cost covers, before they are sent. They may take a quarter of the allowance,
     * and as much must remain for the events that follow from them.
     *
     * @returns false if the allowance is exceeded
     */
    chargeRequests: async (account: CallerKey, requests: number): Promise<boolean> => {
      const cost = Math.min(Math.ceil(costPerMinute / 4), requests * COST_PER_REQUEST);
      const ms = await spend(account, 2 * cost);
      if (ms === undefined) await limiter.reward(account, cost);
      return ms === undefined;
    },
    /** Returns the rest of an account's allowance, with the charge of an operation of this cost. Charges nothing. */
    async read(account: CallerKey, cost: number): Promise<RateLimitState> {
      const spent = await limiter.get(account);
      const { remainingPoints = costPerMinute, msBeforeNext = 0 } = spent ?? {};
      return {
        limit: costPerMinute,
        remaining: remainingPoints,
        // After a minute is over, the next one begins with the next request.
        resetAt: msBeforeNext > 0 ? new Date(Date.now() + msBeforeNext).toISOString() : null,
        cost: Math.min(costPerMinute, Math.max(MIN_CHARGE, cost)),
      };
    },
  };
}
