/** The part of a retry that each call adds to the budget: one retry per five calls. */
const SHARE = 0.2;
/** The most retries that can be saved up, and the initial balance, so that few calls can be retried too. */
const MAX_SAVED = 10;

/** Keeps retries from multiplying the load in an outage: each call deposits a share, each retry costs one. */
export interface RetryBudget {
  deposit(): void;
  /** Takes one retry out; returns false if the budget is exhausted. */
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
