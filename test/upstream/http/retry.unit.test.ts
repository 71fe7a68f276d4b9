import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { createRetryBudgets } from '../../../src/upstream/http/retry-budget.ts';
import { withRetries } from '../../../src/upstream/http/retry.ts';
import { noTelemetry } from '../../../src/upstream/telemetry.ts';

const FAILURE = new UpstreamError('UPSTREAM_ERROR', 'x', { retry: 'always' });

function options(timeoutMs = 5000) {
  return { timeoutMs, budget: createRetryBudgets().of('one'), telemetry: noTelemetry, random: () => 0 };
}

describe('An attempt', () => {
  it('is made again twice at most', async () => {
    let attempts = 0;
    const attempt = async (): Promise<never> => {
      attempts++;
      throw FAILURE;
    };
    await expect(withRetries(attempt, new AbortController(), options())).rejects.toBe(FAILURE);
    expect(attempts).toBe(3);
  });

  it('is not made again after an unexpected error', async () => {
    let attempts = 0;
    const bug = new TypeError('x');
    const attempt = async (): Promise<never> => {
      attempts++;
      throw bug;
    };
    await expect(withRetries(attempt, new AbortController(), options())).rejects.toBe(bug);
    expect(attempts).toBe(1);
  });

  it('ends at the deadline of the call, whichever attempt it is', async () => {
    let attempts = 0;
    let reason: unknown;
    const attempt = (signal: AbortSignal): Promise<never> => {
      attempts++;
      if (attempts === 1) return Promise.reject(FAILURE);
      return new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject((reason = signal.reason))),
      );
    };
    const error = await withRetries(attempt, new AbortController(), options(50)).catch(
      (rejected: unknown) => rejected,
    );
    expect(error).toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    // The attempt itself is told why it ends, and so is whoever counts its failures.
    expect(reason).toBe(error);
    expect(attempts).toBe(2);
  });

  it('is not made again after the client has disconnected, during an attempt or between two', async () => {
    for (const during of [true, false]) {
      const controller = new AbortController();
      let attempts = 0;
      const attempt = async (): Promise<never> => {
        attempts++;
        if (during) controller.abort();
        else setTimeout(() => controller.abort(), 5);
        throw FAILURE;
      };
      await expect(
        withRetries(attempt, controller, { ...options(), random: () => 0.9 }),
      ).rejects.toBeInstanceOf(Error);
      expect(attempts).toBe(1);
    }
  });

  it('is made again only as far as the budget of recent calls goes', async () => {
    const shared = options();
    let attempts = 0;
    for (let call = 0; call < 200; call++) {
      await withRetries(
        async () => {
          attempts++;
          throw FAILURE;
        },
        new AbortController(),
        shared,
      ).catch(() => undefined);
    }
    // 200 calls, ten retries saved up at first, and a fifth of a retry for each call.
    expect(attempts).toBe(200 + 10 + 40 - 1);
  });
});
