import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRetryBudgets, type RetryBudget } from '../../../src/upstream/http/retry-budget.ts';
import { propertyRuns } from '../../support/property-runs.ts';

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
    const budget = createRetryBudgets().of('one');
    expect(drain(budget)).toBe(10);
    expect(budget.withdraw()).toBe(false);
  });

  it('grants one more retry for every five calls', () => {
    const budget = createRetryBudgets().of('one');
    drain(budget);
    deposit(budget, 4);
    expect(budget.withdraw()).toBe(false);
    deposit(budget, 2);
    expect(budget.withdraw()).toBe(true);
    deposit(budget, 26);
    expect(drain(budget)).toBe(5);
  });

  it('saves up no more than ten retries, however many calls there are', () => {
    const budget = createRetryBudgets().of('one');
    deposit(budget, 10_000);
    expect(drain(budget)).toBe(10);
  });

  it('is as if its caller were alone, whatever others do', () => {
    const calls = fc.array(fc.tuple(fc.nat(3), fc.constantFrom('deposit', 'withdraw')), { maxLength: 300 });
    fc.assert(
      fc.property(calls, (all) => {
        const shared = createRetryBudgets();
        const alone = Array.from({ length: 4 }, (_, caller) => createRetryBudgets().of(String(caller)));
        for (const [caller, what] of all) {
          expect(shared.of(String(caller))[what]()).toBe(alone[caller]?.[what]());
        }
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});
