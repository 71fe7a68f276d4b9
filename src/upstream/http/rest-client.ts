import { UpstreamError } from '../../errors/upstream-error.ts';
import { FairQueue } from '../../scheduling/fair-queue.ts';
import { GATEWAY_ITSELF } from '../credentials.ts';
import type { AttemptOutcome, UpstreamTelemetry } from '../telemetry-events.ts';
import type { UpstreamCall } from '../trace.ts';
import { type AttemptOptions, createAttempts, type Read } from './attempt.ts';
import { CallerLimits } from './caller-limits.ts';
import type { ExchangeRequest } from './exchange.ts';
import { failure, type Outcome, breakerOutcomeOf } from './failure-policies.ts';
import { type RequestSender, BASE_HEADERS } from './request-headers.ts';
import { type RetryOptions, withRetries } from './retry.ts';
import type { ApiConventions } from './status-error.ts';

export interface RestClientOptions extends AttemptOptions {
  /** The maximum number of requests in flight, of which one account has half. */
  readonly upstreamMaxInFlight: number;
  readonly telemetry?: Partial<UpstreamTelemetry> | undefined;
}

export interface GetRequest {
  /** Relative to the root of the API, and percent-encoded. */
  readonly path: string;
  /**
   * Whether the upstream may answer 500 for this one object while it serves all others. Such a request isn't retried, and
   * the breaker doesn't count it. @default false
   */
  readonly mayFailAlone?: boolean | undefined;
  /** The call that is traced, which counts its attempts. */
  readonly traced?: UpstreamCall | undefined;
}

/** The outcome of a POST. Only a response with 200 leaves `error` undefined. */
export interface PostOutcome<T = unknown> {
  /** Whether the upstream may have received the POST. If not, it certainly had no effect. */
  readonly wasSent: boolean;
  readonly error: UpstreamError | undefined;
  /** What was read from the response; undefined after an error. */
  readonly value?: T | undefined;
}

type Posted = Required<Pick<ExchangeRequest, 'path' | 'body'>> &
  Pick<ExchangeRequest, 'until'> &
  Pick<GetRequest, 'traced'>;

/**
 * The maximum length of the path and query of a request; a longer one is never sent. Many proxies take only 8 KiB for
 * the first line of a request, which also holds the method, the prefix of the API's root and the version.
 */
export const MAX_ADDRESS_BYTES = 7_500;
/** The length of the queue, as a multiple of the permits. */
const WAITING_PER_PERMIT = 8;
/** Milliseconds that a request must have had for its timeout to count as a failure; at most half the deadline. */
const MAX_PATIENCE_MS = 5_000;
/** Milliseconds after which an upstream without a response isn't considered up. */
const MAX_HEALTH_MS = 5_000;

/** An attempt, without the headers that all attempts of its caller have. */
type Attempt = Omit<ExchangeRequest, 'headers'> & GetRequest;

/** Sends requests to one upstream, with a deadline, retries, a fair queue and circuit breakers. */
export class RestClient implements AsyncDisposable {
  readonly #timeoutMs: number;
  readonly #telemetry: Partial<UpstreamTelemetry>;
  readonly #attempts: ReturnType<typeof createAttempts>;
  readonly #limits: CallerLimits;
  readonly #queue: FairQueue;

  constructor({ upstreamMaxInFlight, telemetry = {}, ...options }: RestClientOptions, api: ApiConventions) {
    this.#timeoutMs = options.upstreamTimeoutMs;
    this.#telemetry = telemetry;
    this.#attempts = createAttempts(options, api);
    this.#limits = new CallerLimits(this.#timeoutMs, (change, open) => telemetry.breaker?.(change, open));
    this.#queue = new FairQueue({
      permits: upstreamMaxInFlight,
      capacity: upstreamMaxInFlight * WAITING_PER_PERMIT,
      rejection: () => failure('queueFull', 'Too many requests wait', { retryAfterMs: 1000 }),
    });
  }

  /** The requests in flight, and those that wait for a permit. */
  get load(): FairQueue['load'] {
    return this.#queue.load;
  }

  /**
   * Returns what was read from the body of a 200.
   *
   * @param call ends the request when it aborts; it is aborted at the deadline
   * @throws UpstreamError for every other outcome; the reason when `call` aborts
   */
  get<T>(request: GetRequest, caller: RequestSender, read: Read<T>, call: AbortController): Promise<T> {
    const { length } = request.path;
    if (length > MAX_ADDRESS_BYTES) {
      // The same error as if a proxy had refused the address.
      const message = `An address of ${length} bytes is not sent; at most ${MAX_ADDRESS_BYTES} are`;
      return Promise.reject(failure('addressTooLong', message, { status: 414 }));
    }
    const attempt = (signal: AbortSignal) => this.#queued(caller, { ...request, signal }, read);
    return withRetries(attempt, call, this.#retryOptions(caller));
  }

  /**
   * Sends JSON that must not be received twice, within the bounds of `get`. Retries only an attempt of which nothing was
   * sent, as after a refused connection.
   *
   * @param client aborts when the client has disconnected, which ends the call only before its first byte: afterwards the
   *   response is waited for, up to the deadline, since breaking off would not undo what the request does
   * @throws the reason of `client`
   */
  async post<T>(
    posted: Posted,
    caller: RequestSender,
    read: Read<T>,
    client: AbortSignal,
  ): Promise<PostOutcome<T>> {
    client.throwIfAborted();
    let wasSent = false;
    const call = new AbortController();
    const leave = (): void => void (wasSent || call.abort(client.reason));
    const onSend = (): void => void (wasSent = true);
    const attempt = (signal: AbortSignal) => this.#queued(caller, { ...posted, signal, onSend }, read);
    client.addEventListener('abort', leave, { once: true });
    try {
      const options = { ...this.#retryOptions(caller), mayRetry: () => !wasSent };
      const value = await withRetries(attempt, call, options);
      return { wasSent, error: undefined, value };
    } catch (error) {
      if (!(error instanceof UpstreamError)) throw error;
      return { wasSent, error };
    } finally {
      client.removeEventListener('abort', leave);
    }
  }

  /** Requests as `get` does, but without credentials, past the queue and the breakers. */
  checkHealth<T>(path: string, read: Read<T>): Promise<T> {
    const attempt = (signal: AbortSignal) =>
      this.#attempts.send({ path, headers: BASE_HEADERS, signal }, read);
    const timeoutMs = Math.min(this.#timeoutMs, MAX_HEALTH_MS);
    const options = { timeoutMs, caller: GATEWAY_ITSELF, limits: this.#limits, telemetry: {} };
    return withRetries(attempt, new AbortController(), options);
  }

  [Symbol.asyncDispose](): PromiseLike<void> {
    return this.#attempts[Symbol.asyncDispose]();
  }

  #retryOptions({ callerKey: caller }: RequestSender): RetryOptions {
    return { timeoutMs: this.#timeoutMs, caller, limits: this.#limits, telemetry: this.#telemetry };
  }

  /** Sends one attempt when the caller's breaker and the queue let it. @throws UpstreamError if the breaker doesn't */
  #queued<T>(caller: RequestSender, attempt: Attempt, read: Read<T>): Promise<T> {
    this.#limits.check(caller.callerKey);
    return this.#queue.enqueue(caller.account, attempt.signal, () => this.#measured(caller, attempt, read));
  }

  /** Sends one attempt, and records its outcome. */
  async #measured<T>(caller: RequestSender, attempt: Attempt, read: Read<T>): Promise<T> {
    const { callerKey, requestId, trace } = caller;
    const { traced, mayFailAlone = false, ...request } = attempt;
    const end = this.#limits.begin(callerKey);
    const start = performance.now();
    const memory = caller.memory?.open();
    const span = traced && trace?.startAttempt?.(traced);
    if (traced !== undefined) traced.attempts++;
    let code: AttemptOutcome = 'OK';
    let status: number | undefined = 200;
    let outcome: Outcome = 'up';
    try {
      const id = requestId !== undefined && { 'x-request-id': requestId };
      const headers = { ...BASE_HEADERS, ...caller.headers, ...trace?.headers, ...id, ...span?.headers };
      return await this.#attempts.send({ ...request, headers, memory }, read);
    } catch (error) {
      const wasPatient = performance.now() - start >= Math.min(this.#timeoutMs / 2, MAX_PATIENCE_MS);
      [code, status, outcome] = ['ABORTED', undefined, breakerOutcomeOf(error, wasPatient)];
      if (!(error instanceof UpstreamError)) throw error;
      ({ code, status } = error);
      if (status === 404 && request.body === undefined) code = 'NOT_FOUND';
      if (status === 429) this.#limits.holdBack(callerKey, error.retryAfterMs ?? 0);
      if (!mayFailAlone || status !== 500) throw error;
      outcome = 'inconclusive';
      throw error.with({ retry: 'never' });
    } finally {
      memory?.release();
      this.#telemetry.attempt?.(code, performance.now() - start, request.path);
      span?.end(code, status);
      end(outcome);
    }
  }
}
