/** How many retries there may be for each call, on average over the recent ones. */
const SHARE = 0.2;
/** Retries that can be saved up; also what a fresh budget has, so that few calls can be retried too. */
const MAX_SAVED = 10;

/** Keeps an outage from being multiplied: each call pays in a share of a retry, each retry costs one. */
export interface RetryBudget {
  deposit(): void;
  /** Whether there was enough for one retry. */
  withdraw(): boolean;
}

export function createRetryBudget(): RetryBudget {
  let saved = MAX_SAVED;
  return {
    deposit() {
      saved = Math.min(MAX_SAVED, saved + SHARE);
    },
    withdraw() {
      if (saved < 1) return false;
      saved--;
      return true;
    },
  };
}
