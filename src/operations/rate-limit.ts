import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { ERROR_CODES, type ErrorCode } from '../errors/error-codes.ts';
import { type CallerKey, GATEWAY_ITSELF } from '../upstream/credentials.ts';
import type { OperationAnswer } from './operation-request.ts';

const SECONDS = 60;
/** Accounts that are known at once. Beyond that, who has been away longest starts with a full allowance. */
const MAX_ACCOUNTS = 10_000;
const CODE = 'RATE_LIMITED' satisfies ErrorCode;

export interface RateLimitOptions {
  /** The cost that each account may spend in a minute, which begins with its first request. */
  readonly costPerMinute: number;
  /** Called for each operation that is refused. */
  readonly onRefused: () => void;
}

/**
 * An allowance for each account: for all that comes with the same access token or `Authorization`, whatever
 * projects it names, so that nobody gains one by naming another. Written by each for itself; made-up
 * credentials only push out others' counts.
 */
export interface RateLimit {
  /** Charges a request, whatever it asks for: 1. @returns the answer if it is refused */
  chargeRequest(account: CallerKey, requestId: string): Promise<OperationAnswer | undefined>;
  /**
   * Charges the cost of an operation, of which the request has been charged. At most the
   * whole allowance, so that it can be executed at all.
   *
   * @returns the answer if it is refused
   */
  chargeCost(account: CallerKey, cost: number, requestId: string): Promise<OperationAnswer | undefined>;
  /**
   * Charges requests to the upstream of which no cost has told, before they are made.
   *
   * @returns if they can't be paid, milliseconds after which they can; Infinity for more than half of an
   *   allowance, since what needs them is charged as well
   */
  chargeRequests(account: CallerKey, requests: number): Promise<number | undefined>;
}

const REQUEST_CHARGE = 1;
/** The cost of a request to the upstream, about as much as by the costs of fields. */
const COST_PER_REQUEST = 3;

export function createRateLimit({ costPerMinute, onRefused }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points: costPerMinute, duration: SECONDS });
  const accounts = new LRUCache<string, true>({
    max: MAX_ACCOUNTS,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  /** @returns milliseconds until the next minute, if that is too much for this one */
  const spend = async (account: CallerKey, points: number): Promise<number | undefined> => {
    accounts.set(account, true);
    try {
      await limiter.consume(account, points);
      return undefined;
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      onRefused();
      return Math.max(1, Math.ceil(reason.msBeforeNext));
    }
  };
  const charge = async (
    account: CallerKey,
    points: number,
    requestId: string,
  ): Promise<OperationAnswer | undefined> => {
    if (account === GATEWAY_ITSELF || points <= 0) return undefined;
    const retryAfterMs = await spend(account, points);
    return retryAfterMs === undefined ? undefined : refusal(costPerMinute, retryAfterMs, requestId);
  };
  return {
    chargeRequest: (account, requestId) => charge(account, REQUEST_CHARGE, requestId),
    chargeCost: (account, cost, requestId) =>
      charge(account, Math.min(costPerMinute, cost) - REQUEST_CHARGE, requestId),
    async chargeRequests(account, requests) {
      const cost = requests * COST_PER_REQUEST;
      return cost > costPerMinute / 2 ? Infinity : spend(account, cost);
    },
  };
}

function refusal(costPerMinute: number, retryAfterMs: number, requestId: string): OperationAnswer {
  const retryAfterSeconds = Math.ceil(retryAfterMs / 1000);
  const message = `The limit of ${costPerMinute} units of cost a minute is exceeded. Try again in ${retryAfterSeconds} s.`;
  const { retryable } = ERROR_CODES[CODE];
  const error = new GraphQLError(message, {
    extensions: { code: CODE, requestId, retryable, retryAfterSeconds, retryAfterMs },
  });
  return {
    data: undefined,
    errors: [error],
    refusal: { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
  };
}
