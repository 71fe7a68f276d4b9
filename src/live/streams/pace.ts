import type { Backoff } from './backoff.ts';

/** Milliseconds between two polls: while something goes on, at most while they fail, and at least. */
const BUSY_MS = 1_000;
const MAX_FAILING_INTERVAL_MS = 15_000;
const MIN_MS = 250;
/** By how much each idle interval is longer than the one before. */
const GROWTH = 1.5;
/** By what part of an interval it may be longer, so that pollers don't poll together. */
const JITTER = 0.1;
/** Milliseconds of failures after which the streams end. */
const MAX_FAILING_MS = 60_000;

export interface Pace {
  /** After a poll. @param isBusy whether something changed, or may change at any moment */
  succeeded(isBusy: boolean): void;
  /** After a poll that failed. @returns whether it has failed for so long that the streams must end */
  failed(): boolean;
  /** Milliseconds to wait before the next poll. @param isAwaited whether somebody waits for it */
  delayMs(isAwaited: boolean): number;
}

export interface PaceOptions {
  /** The time in milliseconds. */
  readonly now: () => number;
  /** Returns a number in [0, 1). */
  readonly random: () => number;
  /** Milliseconds between two polls at most while nothing goes on. */
  readonly idleMs: number;
  /** What all pollers of the caller share. */
  readonly backoff: Backoff;
}

/** Polls often while something goes on, and seldom while nothing does, or while polls fail. */
export function createPace({ now, random, idleMs, backoff }: PaceOptions): Pace {
  let intervalMs = BUSY_MS;
  let failingSince: number | undefined;
  return {
    succeeded(isBusy) {
      failingSince = undefined;
      intervalMs = isBusy ? BUSY_MS : Math.min(idleMs, intervalMs * GROWTH);
    },
    failed() {
      failingSince ??= now();
      intervalMs = Math.min(MAX_FAILING_INTERVAL_MS, intervalMs * GROWTH);
      return now() - failingSince >= MAX_FAILING_MS;
    },
    delayMs(isAwaited) {
      const { pauseMs, factor } = backoff;
      // After a pause they don't begin together.
      if (pauseMs > 0) return pauseMs + intervalMs * factor * random();
      if (isAwaited && failingSince === undefined) return MIN_MS;
      return intervalMs * factor * (1 + JITTER * random());
    },
  };
}
