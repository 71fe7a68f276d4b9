import { describe, expect, it } from 'vitest';
import { createRetryBudget, type RetryBudget } from '../../../src/upstream/http/retry-budget.ts';

/** How many retries it still grants. */
function drain(budget: RetryBudget): number {
  let granted = 0;
  while (budget.withdraw()) granted++;
  return granted;
}

function deposit(budget: RetryBudget, calls: number): void {
  for (let call = 0; call < calls; call++) budget.deposit();
}

describe('A retry budget', () => {
  it('grants ten retries at first, and then none', () => {
    const budget = createRetryBudget();
    expect(drain(budget)).toBe(10);
    expect(budget.withdraw()).toBe(false);
  });

  it('grants one more retry for every five calls', () => {
    const budget = createRetryBudget();
    drain(budget);
    deposit(budget, 4);
    expect(budget.withdraw()).toBe(false);
    deposit(budget, 2);
    expect(budget.withdraw()).toBe(true);
    deposit(budget, 26);
    expect(drain(budget)).toBe(5);
  });

  it('saves up no more than ten retries, however many calls there are', () => {
    const budget = createRetryBudget();
    deposit(budget, 10_000);
    expect(drain(budget)).toBe(10);
  });
});
