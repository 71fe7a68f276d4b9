import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type CallerKey, GATEWAY_ITSELF } from '../upstream/credentials.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { OperationAnswer } from './operation-request.ts';

const SECONDS = 60;
/** Callers that are known at once. Beyond that, who has been away longest starts with a full allowance. */
const MAX_CALLERS = 10_000;
const CODE = 'RATE_LIMITED' satisfies ErrorCode;

export interface RateLimitOptions {
  /** The cost that each caller may spend in a minute, which begins with its first request. */
  readonly costPerMinute: number;
  /** Called for each operation that is refused. */
  readonly onRefused: () => void;
}

/** An allowance for each caller. Written by each caller for itself; made-up credentials only push out others' counts. */
export interface RateLimit {
  /** Charges a request to its caller, whatever it asks for: 1. @returns the answer if it is refused */
  chargeRequest(caller: CallerKey, requestId: string): Promise<OperationAnswer | undefined>;
  /**
   * Charges the cost of an operation to its caller, of which the request has been charged. At most the
   * whole allowance, so that it can be executed at all.
   *
   * @returns the answer if it is refused
   */
  chargeCost(caller: CallerKey, cost: number, requestId: string): Promise<OperationAnswer | undefined>;
}

const REQUEST_CHARGE = 1;

export function createRateLimit({ costPerMinute, onRefused }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points: costPerMinute, duration: SECONDS });
  const callers = new LRUCache<string, true>({
    max: MAX_CALLERS,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  const charge = async (
    caller: CallerKey,
    points: number,
    requestId: string,
  ): Promise<OperationAnswer | undefined> => {
    if (caller === GATEWAY_ITSELF || points <= 0) return undefined;
    const key = JSON.stringify(caller);
    callers.set(key, true);
    try {
      await limiter.consume(key, points);
      return undefined;
    } catch (reason) {
      if (!(reason instanceof RateLimiterRes)) throw reason;
      onRefused();
      return refusal(costPerMinute, Math.max(1, Math.ceil(reason.msBeforeNext)), requestId);
    }
  };
  return {
    chargeRequest: (caller, requestId) => charge(caller, REQUEST_CHARGE, requestId),
    chargeCost: (caller, cost, requestId) =>
      charge(caller, Math.min(costPerMinute, cost) - REQUEST_CHARGE, requestId),
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
