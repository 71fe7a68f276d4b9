import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../../errors/upstream-error.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import { HeldBackError } from './hold-back.ts';
import type { RetryBudget } from './retry-budget.ts';

/** The number of attempts after the first one. */
const MAX_RETRIES = 2;
/** The maximum delay before the first retry, in milliseconds; it doubles with each further retry. */
const BASE_DELAY_MS = 100;

export interface RetryOptions {
  /** Milliseconds for all attempts and the delays between them. */
  readonly timeoutMs: number;
  readonly budget: RetryBudget;
  /** The number of attempts after the first one. @default 2 */
  readonly maxRetries?: number;
  readonly telemetry: UpstreamTelemetry;
  /** Returns a number in [0, 1). @default Math.random */
  readonly random?: () => number;
}

/**
 * Retries an attempt until it succeeds or fails permanently, within one deadline.
 *
 * @param call aborts when nobody waits for the call any longer, which is never retried; it is aborted
 *   here at the deadline, with `UPSTREAM_TIMEOUT`. An attempt ends as soon as it aborts, with its reason
 * @throws UpstreamError of the last attempt, or `UPSTREAM_TIMEOUT` at the deadline; the reason of an abort
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  call: AbortController,
  options: RetryOptions,
): Promise<T> {
  const { timeoutMs, budget, telemetry, maxRetries = MAX_RETRIES, random = Math.random } = options;
  const { signal } = call;
  const deadline = performance.now() + timeoutMs;
  const timer = setTimeout(() => call.abort(timeoutError(timeoutMs)), timeoutMs);
  budget.deposit();
  try {
    for (let retries = 0; ;) {
      signal.throwIfAborted();
      try {
        return await attempt(signal);
      } catch (error) {
        // What was held back costs the upstream nothing, so it is no attempt.
        const wasSent = !(error instanceof HeldBackError);
        if (signal.aborted || (wasSent && retries >= maxRetries)) throw error;
        const delay = delayBeforeRetry(error, retries, random);
        if (delay === null || performance.now() + delay >= deadline) throw error;
        if (wasSent && !budget.withdraw()) {
          telemetry.retryWithheld();
          throw error;
        }
        if (wasSent && error instanceof UpstreamError) telemetry.retry(error.code);
        if (wasSent) retries++;
        await sleep(delay, undefined, { signal }).catch(() => signal.throwIfAborted());
      }
    }
  } finally {
    clearTimeout(timer);
  }
}

function timeoutError(timeoutMs: number): UpstreamError {
  return new UpstreamError('UPSTREAM_TIMEOUT', `No response within ${timeoutMs} ms`);
}

/**
 * Returns the milliseconds to wait before the next attempt, or null if there is none. `Retry-After`
 * is honored, and never cut short; otherwise the delay is exponential backoff. Both have full jitter, so
 * that callers that failed together don't retry together.
 */
function delayBeforeRetry(error: unknown, retries: number, random: () => number): number | null {
  if (!(error instanceof UpstreamError) || error.retry === 'never') return null;
  const jitter = random() * BASE_DELAY_MS;
  if (error.retryAfterMs !== undefined) return error.retryAfterMs + jitter;
  return error.retry === 'if-retry-after' ? null : jitter * 2 ** retries;
}
