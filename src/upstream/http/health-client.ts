import type { Body } from '../../wire/body.ts';
import { GATEWAY_ITSELF } from '../credentials.ts';
import { noTelemetry } from '../telemetry.ts';
import { type AttemptOptions, createAttempts } from './attempt.ts';
import { OWN_HEADERS } from './caller-headers.ts';
import { createRetryBudgets } from './retry-budget.ts';
import { withRetries } from './retry.ts';

/** Asks one upstream whether it is up. */
export interface HealthClient extends AsyncDisposable {
  /**
   * Returns what was read from the body of a 200, or undefined for a 404.
   *
   * @throws UpstreamError for every other outcome
   */
  get<T>(path: string, read: (body: Body) => T): Promise<T | undefined>;
}

/** Milliseconds after which an upstream without an answer isn't considered up. */
const MAX_TIMEOUT_MS = 5_000;

/**
 * Creates a client with connections of its own, without credentials, and apart from the bulkhead and
 * the breaker: health checks neither wait for queries nor take anything from them.
 */
export function createHealthClient(options: AttemptOptions): HealthClient {
  const timeoutMs = Math.min(options.timeoutMs, MAX_TIMEOUT_MS);
  const attempts = createAttempts({ ...options, timeoutMs });
  const budget = createRetryBudgets().of(GATEWAY_ITSELF);
  return {
    get: (path, read) =>
      withRetries(
        (signal) => attempts.get({ path, headers: OWN_HEADERS, read, signal }),
        new AbortController(),
        {
          timeoutMs,
          budget,
          telemetry: noTelemetry,
        },
      ),
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}
