import { UpstreamError } from '../../errors/upstream-error.ts';

/** Milliseconds of a pause where the upstream names no time, until it refuses again. */
const FIRST_PAUSE_MS = 1_000;
/** By how much intervals are longer at most, and milliseconds after which they are half as long again. */
const MAX_FACTOR = 16;
const HALVED_AFTER_MS = 30_000;

/**
 * What the upstream's refusals (429) mean for all pollers of one caller: none polls before the time that
 * it named, and then they poll less often than before. State that outlives a request, and a stream:
 * written by what the upstream says to this caller.
 */
export class Backoff {
  readonly #now: () => number;
  #until = 0;
  #factor = 1;

  /** @param now the time in milliseconds */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** Takes the failure of a poll; of those that were under way together, one counts. */
  failed(error: Error): void {
    if (!(error instanceof UpstreamError) || error.code !== 'RATE_LIMITED') return;
    if (this.pauseMs === 0) this.#factor = Math.min(MAX_FACTOR, this.factor * 2);
    const { retryAfterMs: pauseMs = FIRST_PAUSE_MS * this.#factor } = error;
    this.#until = Math.max(this.#until, this.#now() + pauseMs);
  }

  /** Milliseconds for which the upstream must not be asked. */
  get pauseMs(): number {
    return Math.max(0, this.#until - this.#now());
  }

  /** By how much intervals are longer. */
  get factor(): number {
    const halvings = Math.floor(Math.max(0, this.#now() - this.#until) / HALVED_AFTER_MS);
    return Math.max(1, this.#factor / 2 ** halvings);
  }

  /** Why not to poll now; undefined if nothing speaks against it. */
  get refusal(): UpstreamError | undefined {
    const { pauseMs } = this;
    if (pauseMs === 0) return undefined;
    return new UpstreamError('RATE_LIMITED', 'The upstream has asked this caller to wait', {
      retryAfterMs: pauseMs,
      retry: 'if-retry-after',
    });
  }

  /** Whether there is nothing to remember. */
  get isOver(): boolean {
    return this.pauseMs === 0 && this.factor === 1;
  }
}
