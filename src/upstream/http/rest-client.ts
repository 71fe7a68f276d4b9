import { UpstreamError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';
import { type AttemptOutcome, noTelemetry, type UpstreamTelemetry } from '../telemetry.ts';
import { type AttemptOptions, createAttempts } from './attempt.ts';
import { createBreaker } from './breaker.ts';
import { createBulkhead } from './bulkhead.ts';
import { createRetryBudget } from './retry-budget.ts';
import { withRetries } from './retry.ts';

export interface RestClientOptions extends AttemptOptions {
  /** The maximum number of requests in flight. @default 64 */
  readonly maxInFlight?: number | undefined;
  readonly telemetry?: UpstreamTelemetry | undefined;
}

/** The headers that are sent on behalf of one caller. */
export interface CallerHeaders {
  readonly authorization: string | null;
  readonly requestId: string | undefined;
}

/** Sends GET requests to one upstream, with a deadline, retries, a bulkhead and a circuit breaker. */
export interface RestClient extends AsyncDisposable {
  /**
   * Returns what was read from the body of a 200, or undefined for a 404.
   *
   * @param read may throw a SyntaxError for invalid JSON
   * @throws UpstreamError for every other outcome; the signal's reason when it aborts
   */
  get<T>(
    path: string,
    caller: CallerHeaders,
    read: (body: Body) => T,
    signal: AbortSignal,
  ): Promise<T | undefined>;
}

/** The length of the queue, as a multiple of the permits. */
const WAITING_PER_PERMIT = 8;

export function createRestClient(options: RestClientOptions): RestClient {
  const { timeoutMs, maxInFlight = 64, telemetry = noTelemetry } = options;
  const attempts = createAttempts(options);
  const breaker = createBreaker((state) => telemetry.breaker(state));
  const budget = createRetryBudget();
  const bulkhead = createBulkhead({
    permits: maxInFlight,
    queueCapacity: maxInFlight * WAITING_PER_PERMIT,
    onLoad: (inFlight, waiting) => telemetry.load(inFlight, waiting),
  });

  const attempt = async <T>(
    path: string,
    caller: CallerHeaders,
    read: (body: Body) => T,
    signal: AbortSignal,
  ): Promise<T | undefined> => {
    const start = performance.now();
    let outcome: AttemptOutcome = 'OK';
    try {
      const answer = await attempts.get({ path, headers: headersOf(caller), read, signal });
      if (answer === undefined) outcome = 'NOT_FOUND';
      return answer;
    } catch (error) {
      outcome = error instanceof UpstreamError ? error.code : 'ABORTED';
      throw error;
    } finally {
      telemetry.attempt(outcome, performance.now() - start);
    }
  };

  return {
    get: (path, caller, read, callerSignal) =>
      withRetries(
        (signal) => bulkhead.run(() => breaker.run(() => attempt(path, caller, read, signal)), signal),
        callerSignal,
        { timeoutMs, budget, telemetry },
      ),
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** What every request accepts. */
export const ACCEPT_HEADERS = { accept: 'application/json', 'accept-encoding': 'identity' } as const;

/** No other headers of the caller are forwarded: `user_id` would let anyone act as any user. */
function headersOf({ authorization, requestId }: CallerHeaders): Record<string, string> {
  return {
    ...ACCEPT_HEADERS,
    ...(authorization !== null && { authorization }),
    ...(requestId !== undefined && { 'x-request-id': requestId }),
  };
}
