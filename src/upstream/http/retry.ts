import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../../runs/errors.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
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
 * Retries an attempt until it succeeds or fails permanently, within one deadline. Each attempt gets
 * its own signal, which aborts at the deadline, with `UPSTREAM_TIMEOUT`, or when the caller aborts. An abort by the caller is
 * never retried: the promise rejects with the reason of the caller's signal.
 *
 * @throws UpstreamError of the last attempt, or `UPSTREAM_TIMEOUT` at the deadline
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  options: RetryOptions,
): Promise<T> {
  const { timeoutMs, budget, telemetry, maxRetries = MAX_RETRIES, random = Math.random } = options;
  const deadline = performance.now() + timeoutMs;
  budget.deposit();
  for (let retries = 0; ; retries++) {
    caller.throwIfAborted();
    try {
      return await withinDeadline(attempt, caller, deadline, timeoutMs);
    } catch (error) {
      const delay = caller.aborted || retries >= maxRetries ? null : delayBeforeRetry(error, retries, random);
      if (delay === null || performance.now() + delay >= deadline) throw error;
      if (!budget.withdraw()) {
        telemetry.retryWithheld();
        throw error;
      }
      if (error instanceof UpstreamError) telemetry.retry(error.code);
      await sleep(delay, undefined, { signal: caller });
    }
  }
}

/**
 * Returns the milliseconds to wait before the next attempt, or null if there is none. `Retry-After`
 * is honored; otherwise the delay is exponential backoff with full jitter, so that callers that failed
 * together don't retry together.
 */
function delayBeforeRetry(error: unknown, retries: number, random: () => number): number | null {
  if (!(error instanceof UpstreamError) || error.retry === 'never') return null;
  if (error.retryAfterSeconds !== undefined) return error.retryAfterSeconds * 1000;
  return error.retry === 'if-retry-after' ? null : random() * BASE_DELAY_MS * 2 ** retries;
}

async function withinDeadline<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  deadline: number,
  timeoutMs: number,
): Promise<T> {
  const controller = new AbortController();
  const onAbort = (): void => controller.abort(caller.reason);
  let timeout: UpstreamError | undefined;
  const onDeadline = (): void => {
    timeout = new UpstreamError('UPSTREAM_TIMEOUT', `No response within ${timeoutMs} ms`);
    controller.abort(timeout);
  };
  const timer = setTimeout(onDeadline, Math.max(0, deadline - performance.now()));
  caller.addEventListener('abort', onAbort, { once: true });
  try {
    return await attempt(controller.signal);
  } catch (error) {
    throw timeout === undefined || caller.aborted ? error : timeout;
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', onAbort);
  }
}
