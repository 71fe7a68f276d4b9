import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { CallerKey } from '../credentials.ts';
import type { UpstreamTelemetry } from '../telemetry-events.ts';
import type { CallerLimits } from './caller-limits.ts';
import { failure } from './failure-policies.ts';

/** The number of attempts after the first one. */
const MAX_RETRIES = 2;
/** The maximum delay before the first retry, in milliseconds; it doubles with each further retry. */
const BASE_DELAY_MS = 100;

export interface RetryOptions {
  /** Milliseconds for all attempts and the delays between them. */
  readonly timeoutMs: number;
  readonly caller: CallerKey;
  /** Holds the caller's retry budget. */
  readonly limits: CallerLimits;
  readonly telemetry: Partial<UpstreamTelemetry>;
  /** Whether the request may be sent again after an attempt that has failed. @default always */
  readonly mayRetry?: () => boolean;
}

/**
 * Retries an attempt until it succeeds or fails permanently, within one deadline.
 *
 * @param call aborts when no caller waits any longer, after which nothing is retried; it is aborted here at the
 *   deadline, with `UPSTREAM_TIMEOUT`. An attempt rejects as soon as the call aborts, with the reason
 * @throws UpstreamError of the last attempt, or `UPSTREAM_TIMEOUT` at the deadline; the reason of an abort
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  call: AbortController,
  { timeoutMs, caller, limits, telemetry, mayRetry = () => true }: RetryOptions,
): Promise<T> {
  const { signal } = call;
  const deadline = performance.now() + timeoutMs;
  const timeout = () => call.abort(failure('deadline', `No response within ${timeoutMs} ms`));
  const timer = setTimeout(timeout, timeoutMs);
  limits.deposit(caller);
  try {
    for (let retries = 0; ;) {
      try {
        return await attempt(signal);
      } catch (error) {
        if (signal.aborted || !(error instanceof UpstreamError) || !mayRetry()) throw error;
        const delay = delayBeforeRetry(error, retries);
        if (delay === null || performance.now() + delay >= deadline) throw error;
        // `RATE_LIMITED` without a status: the request was held back here, and cost the upstream nothing.
        if (error.code !== 'RATE_LIMITED' || error.status !== undefined) {
          if (retries++ >= MAX_RETRIES) throw error;
          if (!limits.withdraw(caller)) {
            telemetry.retryWithheld?.();
            throw error;
          }
          telemetry.retry?.(error.code);
        }
        await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Returns the milliseconds to wait before the next attempt; null if there is none. A `Retry-After` is never cut short,
 * and gets a little jitter. Otherwise the delay is exponential backoff with full jitter.
 */
function delayBeforeRetry({ retry, retryAfterMs }: UpstreamError, retries: number): number | null {
  const jitter = Math.random() * BASE_DELAY_MS;
  if (retry === 'never') return null;
  if (retryAfterMs !== undefined) return retryAfterMs + jitter;
  return retry === 'always' ? jitter * 2 ** retries : null;
}
