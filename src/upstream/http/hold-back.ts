import { LRUCache } from 'lru-cache';
import { UpstreamError } from '../../errors/upstream-error.ts';
import { callerDigest, type CallerKey } from '../credentials.ts';

/** Callers remembered at once. */
const MAX_CALLERS = 10_000;

/** A request that was not sent, because the upstream has told its caller to wait. */
export class HeldBackError extends UpstreamError {
  constructor(retryAfterMs: number) {
    super('RATE_LIMITED', 'The upstream has answered 429, and the time that it named is not over', {
      retryAfterMs,
      retry: 'if-retry-after',
    });
  }
}

/**
 * Holds back the requests of a caller whom the upstream has answered 429 with a time to wait, until it is
 * over. Times that are longer than a request can wait hold back nothing: they may be about one kind of
 * request, and the others would fail. So requests are delayed by this, and none fails.
 *
 * State that outlives a request, written by the upstream's answers to each caller, for that caller alone:
 * whether the quota is that of its credentials or of its project isn't known, and each project finds it out
 * by one request.
 * Beyond 10,000 callers the oldest are forgotten, whose requests are then sent.
 */
export interface HoldBack {
  /** @throws HeldBackError with the time that is left */
  check(caller: CallerKey): void;
  /** Records what a request failed with. */
  record(caller: CallerKey, error: unknown): void;
}

/** @param maxMs how long a request can wait */
export function createHoldBack(maxMs: number): HoldBack {
  /** When callers may send again, by `performance.now`; each is remembered for as long as it is held back. */
  const times = new LRUCache<string, number>({ max: MAX_CALLERS, ttlAutopurge: true, perf: performance });
  return {
    check(caller) {
      const time = times.size === 0 ? undefined : times.get(callerDigest(caller));
      const leftMs = time === undefined ? 0 : Math.ceil(time - performance.now());
      if (leftMs > 0) throw new HeldBackError(leftMs);
    },
    record(caller, error) {
      if (!(error instanceof UpstreamError) || error.status !== 429) return;
      const { retryAfterMs = 0 } = error;
      if (retryAfterMs === 0 || retryAfterMs > maxMs) return;
      const key = callerDigest(caller);
      const time = performance.now() + retryAfterMs;
      // Answers may overtake each other.
      if (time <= (times.get(key) ?? 0)) return;
      times.set(key, time, { ttl: retryAfterMs });
    },
  };
}
