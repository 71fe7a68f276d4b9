import { setTimeout as sleep } from 'node:timers/promises';
import { UpstreamError } from '../../runs/errors.ts';
import type { UpstreamTelemetry } from '../telemetry.ts';
import type { RetryBudget } from './retry-budget.ts';

/** Attempts after the first one. */
const MAX_RETRIES = 2;
/** The delay before the first retry is up to this, before the second up to twice as much; in milliseconds. */
const BASE_DELAY_MS = 100;

export interface RetryOptions {
  /** Milliseconds for all attempts and the delays between them. */
  readonly timeoutMs: number;
  readonly budget: RetryBudget;
  readonly telemetry: UpstreamTelemetry;
  /** From 0 up to 1. @default Math.random */
  readonly random?: () => number;
}

/**
 * Runs an attempt until it succeeds or fails for good, within one deadline. Each attempt gets a
 * signal of its own, which aborts at the deadline and with the caller. An abort of the caller is
 * never retried: the promise rejects with the reason of its signal.
 *
 * @throws UpstreamError of the last attempt, or `UPSTREAM_TIMEOUT` at the deadline
 */
export async function withRetries<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  options: RetryOptions,
): Promise<T> {
  const { timeoutMs, budget, telemetry, random = Math.random } = options;
  const deadline = performance.now() + timeoutMs;
  budget.deposit();
  for (let retries = 0; ; retries++) {
    caller.throwIfAborted();
    try {
      return await withinDeadline(attempt, caller, deadline, timeoutMs);
    } catch (error) {
      const delay = caller.aborted ? null : delayBeforeRetry(error, retries, random);
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
 * Milliseconds to wait before another attempt; null where none is due. What the upstream asks for by
 * `Retry-After` is kept to; otherwise the delay grows with each retry, and is drawn by chance from
 * its whole span ("full jitter"), so that callers who failed together don't come back together.
 */
function delayBeforeRetry(error: unknown, retries: number, random: () => number): number | null {
  if (!(error instanceof UpstreamError) || retries >= MAX_RETRIES || error.retry === 'never') return null;
  if (error.retryAfterSeconds !== undefined) return error.retryAfterSeconds * 1000;
  return error.retry === 'when-told' ? null : random() * BASE_DELAY_MS * 2 ** retries;
}

async function withinDeadline<T>(
  attempt: (signal: AbortSignal) => Promise<T>,
  caller: AbortSignal,
  deadline: number,
  timeoutMs: number,
): Promise<T> {
  const controller = new AbortController();
  const leave = (): void => controller.abort(caller.reason);
  let timedOut = false;
  const timer = setTimeout(
    () => {
      timedOut = true;
      controller.abort();
    },
    Math.max(0, deadline - performance.now()),
  );
  caller.addEventListener('abort', leave, { once: true });
  try {
    return await attempt(controller.signal);
  } catch (error) {
    if (!timedOut || caller.aborted) throw error;
    throw new UpstreamError('UPSTREAM_TIMEOUT', `No answer within ${timeoutMs} ms`, { cause: error });
  } finally {
    clearTimeout(timer);
    caller.removeEventListener('abort', leave);
  }
}
