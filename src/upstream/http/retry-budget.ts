import { LRUCache } from 'lru-cache';
import { callerDigest, type CallerKey } from '../credentials.ts';

/** The part of a retry that each call adds to its caller's budget: one retry per five calls. */
const SHARE = 0.2;
/** The most retries that can be saved up, and the initial balance, so that few calls can be retried too. */
const MAX_SAVED = 10;
/** Callers remembered at once whose balance is not full. */
const MAX_CALLERS = 10_000;

/** Keeps retries from multiplying the load in an outage: each call deposits a share, each retry costs one. */
export interface RetryBudget {
  deposit(): void;
  /** Takes one retry out; returns false if the budget is exhausted. */
  withdraw(): boolean;
}

/**
 * A retry budget for each caller. State that outlives a request, written by each caller for itself; there
 * is none of callers whose balance is full, as it is where nothing fails. Callers with made-up
 * credentials or projects that fail push out balances of others, which are then full.
 */
export interface RetryBudgets {
  of(caller: CallerKey): RetryBudget;
}

export function createRetryBudgets(): RetryBudgets {
  const balances = new LRUCache<string, number>({ max: MAX_CALLERS });
  return {
    of: (caller) => ({
      deposit() {
        if (balances.size === 0) return;
        const key = callerDigest(caller);
        const saved = (balances.get(key) ?? MAX_SAVED) + SHARE;
        if (saved < MAX_SAVED) balances.set(key, saved);
        else balances.delete(key);
      },
      withdraw() {
        const key = callerDigest(caller);
        const saved = balances.get(key) ?? MAX_SAVED;
        if (saved < 1) return false;
        balances.set(key, saved - 1);
        return true;
      },
    }),
  };
}
