import { UpstreamError } from '../../runs/errors.ts';
import type { Body } from '../../wire/body.ts';
import type { Credentials } from '../credentials.ts';
import { type AttemptOutcome, noTelemetry, type UpstreamTelemetry } from '../telemetry.ts';
import { type AttemptOptions, createAttempts } from './attempt.ts';
import { createBreaker } from './breaker.ts';
import { createBulkhead } from './bulkhead.ts';
import { isUnusual, MAX_ADDRESS_BYTES } from './request-size.ts';
import { createRetryBudgets } from './retry-budget.ts';
import { withRetries } from './retry.ts';

export interface RestClientOptions extends AttemptOptions {
  /** The maximum number of requests in flight. @default 64 */
  readonly maxInFlight?: number | undefined;
  readonly telemetry?: UpstreamTelemetry | undefined;
}

/** Who sends a request, and the headers that go with it. */
export interface CallerHeaders extends Credentials {
  readonly requestId: string | undefined;
}

export interface GetOptions {
  /**
   * Set for one object that the upstream may fail to send, by a 500, while it serves all others. It is
   * then not asked again, and the breaker doesn't count it. @default false
   */
  readonly mayFailAlone?: boolean;
}

/** Sends GET requests to one upstream, with a deadline, retries, a bulkhead and circuit breakers. */
export interface RestClient extends AsyncDisposable {
  /**
   * Returns what was read from the body of a 200, or undefined for a 404.
   *
   * @param read may throw a SyntaxError for invalid JSON
   * @param call ends the request when it aborts; it is aborted at the deadline
   * @throws UpstreamError for every other outcome; the reason when `call` aborts
   */
  get<T>(
    path: string,
    caller: CallerHeaders,
    read: (body: Body) => T,
    call: AbortController,
    options?: GetOptions,
  ): Promise<T | undefined>;
}

/** The length of the queue, as a multiple of the permits. */
const WAITING_PER_PERMIT = 8;
/** One caller alone holds at most three quarters of the permits. */
const SHARE = 3;
/** Milliseconds that a request must have had for its timeout to count as a failure; at most half the deadline. */
const MAX_PATIENCE_MS = 5_000;

export function createRestClient(options: RestClientOptions): RestClient {
  const { timeoutMs, maxInFlight = 64, telemetry = noTelemetry } = options;
  const attempts = createAttempts(options);
  const breaker = createBreaker({
    patienceMs: Math.min(timeoutMs / 2, MAX_PATIENCE_MS),
    onChange: (change, open) => telemetry.breaker(change, open),
  });
  const budgets = createRetryBudgets();
  const bulkhead = createBulkhead({
    permits: maxInFlight,
    queueCapacity: maxInFlight * WAITING_PER_PERMIT,
    share: SHARE,
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
    async get(path, caller, read, call, { mayFailAlone = false } = {}) {
      if (path.length > MAX_ADDRESS_BYTES) throw addressTooLong(path);
      const request = { caller: caller.callerKey, isUnusual: isUnusual(path, caller), mayFailAlone };
      return withRetries(
        async (signal) => {
          // Before it waits for a permit, and again when it has one.
          breaker.check(request);
          const send = () => breaker.run(() => attempt(path, caller, read, signal), request);
          try {
            return await bulkhead.run(request.caller, send, signal);
          } catch (error) {
            throw mayFailAlone ? withoutRetryOf500(error) : error;
          }
        },
        call,
        {
          timeoutMs,
          budget: budgets.of(request.caller),
          telemetry,
          ...(request.isUnusual && { maxRetries: 0 }),
        },
      );
    },
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** What every request accepts. */
export const ACCEPT_HEADERS = { accept: 'application/json', 'accept-encoding': 'identity' } as const;
/** Returns the error, not to be retried if it is a 500. */
function withoutRetryOf500(error: unknown): unknown {
  if (!(error instanceof UpstreamError) || error.status !== 500) return error;
  return new UpstreamError(error.code, error.message, { status: 500, cause: error });
}

/** Answered as proxies do. */
function addressTooLong(path: string): UpstreamError {
  const message = `An address of ${path.length} bytes is not sent; at most ${MAX_ADDRESS_BYTES} are`;
  return new UpstreamError('UPSTREAM_REJECTED', message, { status: 414 });
}

/** No other headers of the caller are forwarded: `user_id` would let anyone act as any user. */
function headersOf({ authorization, requestId }: CallerHeaders): Record<string, string> {
  const headers: Record<string, string> = { ...ACCEPT_HEADERS };
  if (authorization !== null) headers['authorization'] = authorization;
  if (requestId !== undefined) headers['x-request-id'] = requestId;
  return headers;
}
