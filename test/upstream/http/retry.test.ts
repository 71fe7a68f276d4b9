import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/runs/errors.ts';
import { createBulkhead } from '../../../src/upstream/http/bulkhead.ts';
import { withRetries } from '../../../src/upstream/http/retry.ts';
import { parseRetryAfter } from '../../../src/upstream/http/retry-after.ts';
import { createRetryBudget } from '../../../src/upstream/http/retry-budget.ts';
import { noTelemetry } from '../../../src/upstream/telemetry.ts';

const NEVER = new AbortController().signal;
const FAILURE = new UpstreamError('UPSTREAM_ERROR', 'x', { retry: 'always' });

function options(timeoutMs = 5000) {
  return { timeoutMs, budget: createRetryBudget(), telemetry: noTelemetry, random: () => 0 };
}

describe('Retry-After', () => {
  const NOW = Date.parse('2026-01-31T09:30:00Z');
  it.each<[string | undefined, number | undefined]>([
    [undefined, undefined],
    ['0', 0],
    ['7', 7],
    [' 7 ', 7],
    ['1.2', 2],
    ['Sat, 31 Jan 2026 09:30:05 GMT', 5],
    ['Sat, 31 Jan 2026 09:29:05 GMT', 0],
    ['-1', undefined],
    ['soon', undefined],
    ['', undefined],
    ['2026-01-31T09:30:05Z', undefined],
    ['99999999999999999999', undefined],
  ])('%s is %s seconds', (header, seconds) => {
    expect(parseRetryAfter(header, NOW)).toBe(seconds);
  });
});

describe('An attempt', () => {
  it('is made again twice at most, each time with a fresh signal', async () => {
    const signals = new Set<AbortSignal>();
    const attempt = async (signal: AbortSignal): Promise<never> => {
      signals.add(signal);
      throw FAILURE;
    };
    await expect(withRetries(attempt, NEVER, options())).rejects.toBe(FAILURE);
    expect(signals.size).toBe(3);
  });

  it('is not made again for a bug', async () => {
    let attempts = 0;
    const bug = new TypeError('x');
    const attempt = async (): Promise<never> => {
      attempts++;
      throw bug;
    };
    await expect(withRetries(attempt, NEVER, options())).rejects.toBe(bug);
    expect(attempts).toBe(1);
  });

  it('ends at the deadline of the call, whichever attempt it is', async () => {
    let attempts = 0;
    const attempt = (signal: AbortSignal): Promise<never> => {
      attempts++;
      if (attempts === 1) return Promise.reject(FAILURE);
      return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
    };
    await expect(withRetries(attempt, NEVER, options(50))).rejects.toMatchObject({
      code: 'UPSTREAM_TIMEOUT',
    });
    expect(attempts).toBe(2);
  });

  it('is not made again after the caller has left, be it during an attempt or between two', async () => {
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
        withRetries(attempt, controller.signal, { ...options(), random: () => 0.9 }),
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
        NEVER,
        shared,
      ).catch(() => undefined);
    }
    // 200 calls, ten retries saved up at first, and a fifth of a retry for each call.
    expect(attempts).toBe(200 + 10 + 40 - 1);
  });
});

describe('The places of requests in flight', () => {
  it('are given to so many, and to others in the order of their arrival', async () => {
    const loads: string[] = [];
    const bulkhead = createBulkhead({
      permits: 2,
      queueCapacity: 2,
      onLoad: (...load) => loads.push(load.join('+')),
    });
    const order: number[] = [];
    const ends: (() => void)[] = [];
    const task = (n: number) => () =>
      new Promise<void>((resolve) => {
        order.push(n);
        ends.push(resolve);
      });
    const all = [1, 2, 3, 4].map((n) => bulkhead.run(task(n), NEVER));
    await expect(bulkhead.run(task(5), NEVER)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retryAfterSeconds: 1,
    });
    expect(order).toEqual([1, 2]);
    for (let i = 0; i < 4; i++) {
      ends[i]?.();
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all(all);
    expect(order).toEqual([1, 2, 3, 4]);
    expect(loads.at(-1)).toBe('0+0');
  });

  it('are not waited for any more by those who have left', async () => {
    const bulkhead = createBulkhead({ permits: 1, queueCapacity: 1 });
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = bulkhead.run(() => promise, NEVER);
    const controller = new AbortController();
    const second = bulkhead.run(async () => 'never', controller.signal);
    controller.abort(new Error('left'));
    await expect(second).rejects.toThrow('left');
    const third = bulkhead.run(async () => 'third', NEVER);
    resolve();
    expect(await third).toBe('third');
    await first;
  });
});
