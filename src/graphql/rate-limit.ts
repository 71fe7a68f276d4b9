import { GraphQLError } from 'graphql';
import { LRUCache } from 'lru-cache';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { type CallerKey, GATEWAY_ITSELF } from '../upstream/credentials.ts';
import { ERROR_CODES, type ErrorCode } from './error-codes.ts';
import type { OperationAnswer } from './operations.ts';

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
  /**
   * Charges an operation to its caller: its cost, but at least 1, as checking it takes time as well,
   * and at most the whole allowance, so that it can be executed at all.
   *
   * @returns the answer if it is refused
   */
  charge(caller: CallerKey, cost: number, requestId: string): Promise<OperationAnswer | undefined>;
}

export function createRateLimit({ costPerMinute, onRefused }: RateLimitOptions): RateLimit {
  const limiter = new RateLimiterMemory({ points: costPerMinute, duration: SECONDS });
  const callers = new LRUCache<string, true>({
    max: MAX_CALLERS,
    dispose: (_value, key, reason) => {
      if (reason === 'evict') void limiter.delete(key);
    },
  });
  return {
    async charge(caller, cost, requestId) {
      if (caller === GATEWAY_ITSELF) return undefined;
      const key = JSON.stringify(caller);
      callers.set(key, true);
      try {
        await limiter.consume(key, Math.min(costPerMinute, Math.max(1, cost)));
        return undefined;
      } catch (reason) {
        if (!(reason instanceof RateLimiterRes)) throw reason;
        onRefused();
        return refusal(costPerMinute, Math.max(1, Math.ceil(reason.msBeforeNext / 1000)), requestId);
      }
    },
  };
}

function refusal(costPerMinute: number, retryAfterSeconds: number, requestId: string): OperationAnswer {
  const message = `The limit of ${costPerMinute} units of cost a minute is exceeded. Try again in ${retryAfterSeconds} s.`;
  const { retryable } = ERROR_CODES[CODE];
  const error = new GraphQLError(message, {
    extensions: { code: CODE, requestId, retryable, retryAfterSeconds },
  });
  return {
    data: undefined,
    errors: [error],
    refusal: { status: 429, headers: { 'retry-after': String(retryAfterSeconds) } },
  };
}
