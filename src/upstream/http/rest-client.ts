import { UpstreamError } from '../../errors/upstream-error.ts';
import type { Body } from '../../wire/body.ts';
import type { Credentials } from '../credentials.ts';
import { type AttemptOutcome, noTelemetry, type UpstreamTelemetry } from '../telemetry.ts';
import type { AttemptSpan, UpstreamCall } from '../upstream-call.ts';
import { type AttemptOptions, createAttempts } from './attempt.ts';
import { type BreakerRequest, createBreaker } from './breaker.ts';
import { Bulkhead } from './bulkhead.ts';
import { type CallerHeaders, headersOf } from './caller-headers.ts';
import { createHoldBack } from './hold-back.ts';
import { notRetried, type PostOutcome, postOnce } from './post-once.ts';
import { isUnusual, MAX_ADDRESS_BYTES } from './request-size.ts';
import { createRetryBudgets } from './retry-budget.ts';
import { type RetryOptions, withRetries } from './retry.ts';

export interface RestClientOptions extends AttemptOptions {
  /** The maximum number of requests in flight. @default 96 */
  readonly maxInFlight?: number | undefined;
  readonly telemetry?: UpstreamTelemetry | undefined;
}

export interface GetOptions {
  /**
   * Set for one object that the upstream may fail to send, by a 500, while it serves all others. It is
   * then not asked again, and the breaker doesn't count it. @default false
   */
  readonly mayFailAlone?: boolean;
  /** Where it is recorded. */
  readonly record?: UpstreamCall | undefined;
}

/** Sends requests to one upstream, with a deadline, retries, a bulkhead and circuit breakers. */
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
  /**
   * Sends JSON, through the same bounds, and at most once: see `postOnce`.
   *
   * @param read may throw a SyntaxError for invalid JSON
   * @param client aborts when the client has disconnected
   * @throws the reason of `client`
   */
  post(
    path: string,
    caller: CallerHeaders,
    body: string,
    read: (body: Body) => unknown,
    client: AbortSignal,
    record?: UpstreamCall,
  ): Promise<PostOutcome>;
  /** Whether as many requests of this caller would be sent at once. */
  hasRoom(caller: Pick<Credentials, 'callerKey' | 'account'>, requests: number): boolean;
}

/** A request, as all of its attempts have it. */
interface Sent {
  readonly path: string;
  readonly caller: CallerHeaders;
  readonly headers: Readonly<Record<string, string>>;
  readonly record: UpstreamCall | undefined;
}

/** The length of the queue, as a multiple of the permits. */
const WAITING_PER_PERMIT = 8;
/** One caller alone holds at most three quarters of the permits, and those of one account seven eighths. */
const SHARE = 3;
const ACCOUNT_SHARE = 7;
/** Milliseconds that a request must have had for its timeout to count as a failure; at most half the deadline. */
const MAX_PATIENCE_MS = 5_000;

export function createRestClient(options: RestClientOptions): RestClient {
  const { timeoutMs, maxInFlight = 96, telemetry = noTelemetry } = options;
  const attempts = createAttempts(options);
  const breaker = createBreaker({
    patienceMs: Math.min(timeoutMs / 2, MAX_PATIENCE_MS),
    onChange: (change, open) => telemetry.breaker(change, open),
  });
  const budgets = createRetryBudgets();
  const holdBack = createHoldBack(timeoutMs);
  const bulkhead = new Bulkhead({
    permits: maxInFlight,
    queueCapacity: maxInFlight * WAITING_PER_PERMIT,
    share: SHARE,
    accountShare: ACCOUNT_SHARE,
    onLoad: (inFlight, waiting) => telemetry.load(inFlight, waiting),
  });

  /**
   * Sends one attempt when its caller's breaker, the upstream's last 429 and the bulkhead let it, and measures it.
   * Its result is undefined if there is no such object.
   */
  const bounded = async <T>(
    request: BreakerRequest,
    { caller: { account, trace }, path, headers, record }: Sent,
    send: (headers: Sent['headers']) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T> => {
    const { caller } = request;
    // Before it waits for a permit, and again when it has one.
    breaker.check(request);
    holdBack.check(caller);
    const turn = bulkhead.enter(caller, signal, account);
    if (turn !== undefined) await turn;
    let start: number | undefined;
    let outcome: AttemptOutcome = 'OK';
    let status: number | undefined = 200;
    let span: AttemptSpan | undefined;
    const measured = (): Promise<T> => {
      start = performance.now();
      span = record && trace?.startAttempt?.(record);
      if (record !== undefined) record.attempts++;
      return send(span === undefined ? headers : { ...headers, ...span.headers });
    };
    try {
      holdBack.check(caller);
      const answer = await breaker.run(measured, request);
      if (answer === undefined) [outcome, status] = ['NOT_FOUND', 404];
      return answer;
    } catch (error) {
      outcome = error instanceof UpstreamError ? error.code : 'ABORTED';
      status = error instanceof UpstreamError ? error.status : undefined;
      holdBack.record(caller, error);
      const isOfItsOwn =
        request.mayFailAlone === true && error instanceof UpstreamError && error.status === 500;
      throw isOfItsOwn ? notRetried(error) : error;
    } finally {
      if (start !== undefined) telemetry.attempt(outcome, performance.now() - start, path);
      span?.end(outcome, status);
      bulkhead.leave(caller, account);
    }
  };

  const retryOptions = ({ caller, isUnusual: unusual }: BreakerRequest): RetryOptions => ({
    timeoutMs,
    budget: budgets.of(caller),
    telemetry,
    ...(unusual && { maxRetries: 0 }),
  });

  return {
    get(path, caller, read, call, { mayFailAlone = false, record } = {}) {
      if (path.length > MAX_ADDRESS_BYTES) return Promise.reject(addressTooLong(path));
      const request = { caller: caller.callerKey, isUnusual: isUnusual(path, caller), mayFailAlone };
      const sent = { path, caller, headers: headersOf(caller), record };
      const send = (signal: AbortSignal) =>
        bounded(request, sent, (headers) => attempts.get({ path, headers, read, signal }), signal);
      return withRetries(send, call, retryOptions(request));
    },
    post(path, caller, body, read, client, record) {
      const request = { caller: caller.callerKey, isUnusual: isUnusual(path, caller) };
      const sent = { path, caller, headers: headersOf(caller), record };
      return postOnce(
        (signal, onSend) =>
          bounded(
            request,
            sent,
            async (headers) => {
              await attempts.post({ path, headers, body, read, signal, onSend });
              return 'answered';
            },
            signal,
          ),
        client,
        retryOptions(request),
      );
    },
    hasRoom: ({ callerKey, account }, requests) => bulkhead.hasRoom(callerKey, requests, account),
    [Symbol.asyncDispose]: () => attempts[Symbol.asyncDispose](),
  };
}

/** Answered as proxies do. */
function addressTooLong(path: string): UpstreamError {
  const message = `An address of ${path.length} bytes is not sent; at most ${MAX_ADDRESS_BYTES} are`;
  return new UpstreamError('UPSTREAM_REJECTED', message, { status: 414 });
}
