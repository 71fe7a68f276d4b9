import { UpstreamError } from '../../errors/upstream-error.ts';

/** Milliseconds of the first pause after a 429 without Retry-After. */
const FIRST_PAUSE_MS = 1_000;
/** The largest factor of intervals after a 429, and milliseconds after which the factor is halved. */
const MAX_FACTOR = 16;
const HALVED_AFTER_MS = 30_000;

/**
 * Lets all pollers of one caller pause after a 429 until the time that the upstream named, and then poll less often
 * than before.
 */
export class Backoff {
  #until = -Infinity;
  #factor = 1;

  /** Records the failure of a poll; of polls that fail at the same time, one counts. */
  failed(error: Error): void {
    if (!(error instanceof UpstreamError) || error.code !== 'RATE_LIMITED') return;
    if (this.pauseMs === 0) this.#factor = Math.min(MAX_FACTOR, this.factor * 2);
    const { retryAfterMs: pauseMs = FIRST_PAUSE_MS * this.#factor } = error;
    this.#until = Math.max(this.#until, performance.now() + pauseMs);
  }

  /** Milliseconds for which the upstream must not be asked. */
  get pauseMs(): number {
    return Math.max(0, this.#until - performance.now());
  }

  /** Whether streams end, with the time that the upstream has named, rather than stay open without events. */
  get isLong(): boolean {
    return this.pauseMs > MAX_FAILING_MS;
  }

  get factor(): number {
    const halvings = Math.floor(Math.max(0, performance.now() - this.#until) / HALVED_AFTER_MS);
    return Math.max(1, this.#factor / 2 ** halvings);
  }

  /** @throws UpstreamError while the upstream must not be asked */
  check(): void {
    const pauseMs = Math.ceil(this.pauseMs);
    if (pauseMs === 0) return;
    const message = 'The upstream has asked this caller to wait';
    throw new UpstreamError('RATE_LIMITED', message, { retryAfterMs: pauseMs, retry: 'if-retry-after' });
  }
}

/** Milliseconds between two polls: while runs change, at most while polls fail, and at least. */
const BUSY_MS = 1_000;
const MAX_FAILING_INTERVAL_MS = 15_000;
const MIN_MS = 250;
/** The factor by which idle intervals grow. */
const GROWTH = 1.5;
/** The random part of an interval, so that pollers don't poll together. */
const JITTER = 0.1;
/** Milliseconds of failures after which the streams end. */
const MAX_FAILING_MS = 60_000;

/** Lets a poller poll often while runs change, and seldom while nothing does, or while polls fail. */
export class PollInterval {
  readonly #idleMs: number;
  readonly #backoff: Backoff;
  #intervalMs = BUSY_MS;
  #failingSince: number | undefined;
  #isFirst = true;

  /** @param idleMs milliseconds between polls at most while nothing changes */
  constructor(idleMs: number, backoff: Backoff) {
    this.#idleMs = idleMs;
    this.#backoff = backoff;
  }

  /** After a poll. @param isBusy whether something changed, or may change at any moment */
  succeeded(isBusy: boolean): void {
    this.#failingSince = undefined;
    this.#intervalMs = isBusy ? BUSY_MS : Math.min(this.#idleMs, this.#intervalMs * GROWTH);
  }

  /** After a poll that failed. @returns whether it has failed for so long that the streams must end */
  failed(): boolean {
    this.#failingSince ??= performance.now();
    this.#intervalMs = Math.min(MAX_FAILING_INTERVAL_MS, this.#intervalMs * GROWTH);
    return performance.now() - this.#failingSince >= MAX_FAILING_MS;
  }

  /** Milliseconds to wait before the next poll. @param isAwaited whether a new reader waits for it */
  delayMs(isAwaited: boolean): number {
    const { pauseMs, factor } = this.#backoff;
    const intervalMs = this.#intervalMs * factor;
    // A random delay, so that pollers don't all poll at once after a pause.
    if (pauseMs > 0) return pauseMs + intervalMs * Math.random();
    if (isAwaited && this.#failingSince === undefined) return MIN_MS;
    // Pollers that began together spread over the interval.
    const jitter = this.#isFirst ? 1 : JITTER;
    this.#isFirst = false;
    return intervalMs * (1 + jitter * Math.random());
  }
}
