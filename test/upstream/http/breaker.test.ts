import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/runs/errors.ts';
import { type Breaker, createBreaker } from '../../../src/upstream/http/breaker.ts';

const HALF_OPEN_AFTER_MS = 5_000;

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function fail(breaker: Breaker, error: Error): Promise<unknown> {
  return breaker.run(() => Promise.reject(error)).catch((reason: unknown) => reason);
}

/** Two failures a second for so many seconds. */
async function failFor(seconds: number, breaker: Breaker, error: Error): Promise<void> {
  for (let call = 0; call < 2 * seconds; call++) {
    await fail(breaker, error);
    vi.advanceTimersByTime(500);
  }
}

const down = (code: UpstreamErrorCode = 'UPSTREAM_UNAVAILABLE'): UpstreamError =>
  new UpstreamError(code, 'down');

async function openBreaker(): Promise<{ breaker: Breaker; states: string[] }> {
  const states: string[] = [];
  const breaker = createBreaker((state) => states.push(state));
  for (let call = 0; call < 100 && states.length === 0; call++) await fail(breaker, down());
  return { breaker, states };
}

describe('A breaker', () => {
  it('passes results and errors on while it is closed', async () => {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    expect(await breaker.run(async () => 'answer')).toBe('answer');
    const error = down();
    expect(await fail(breaker, error)).toBe(error);
    expect(states).toEqual([]);
  });

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_TIMEOUT', 'UPSTREAM_ERROR'] as const)(
    'opens when the upstream keeps failing with %s',
    async (code) => {
      const states: string[] = [];
      const breaker = createBreaker((state) => states.push(state));
      await failFor(10, breaker, down(code));
      expect(states[0]).toBe('open');
    },
  );

  it.each<[string, Error]>([
    ['UNAUTHENTICATED', down('UNAUTHENTICATED')],
    ['FORBIDDEN', down('FORBIDDEN')],
    ['RATE_LIMITED', down('RATE_LIMITED')],
    ['UPSTREAM_REJECTED', down('UPSTREAM_REJECTED')],
    ['UPSTREAM_INVALID_RESPONSE', down('UPSTREAM_INVALID_RESPONSE')],
    ['an unexpected error', new TypeError('x')],
    ['a client that disconnects', new DOMException('x', 'AbortError')],
  ])('stays closed whatever a caller meets with %s', async (_name, error) => {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    await failFor(30, breaker, error);
    expect(states).toEqual([]);
  });

  it('stays closed while more than half of the calls succeed', async () => {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    for (let call = 0; call < 60; call++) {
      await breaker.run(async () => 'answer');
      await breaker.run(async () => 'answer');
      await fail(breaker, down());
      vi.advanceTimersByTime(500);
    }
    expect(states).toEqual([]);
  });
});

describe('An open breaker', () => {
  it('refuses at once, without running the task, and says when to come back', async () => {
    const { breaker, states } = await openBreaker();
    expect(states).toEqual(['open']);
    const task = vi.fn<() => Promise<string>>();
    await expect(breaker.run(task)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retry: 'never',
      retryAfterSeconds: 5,
    });
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS - 1);
    await expect(breaker.run(task)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(task).not.toHaveBeenCalled();
  });

  it('lets a single task try again after a while, and refuses all others meanwhile', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise);
    const other = vi.fn<() => Promise<string>>();
    for (let call = 0; call < 3; call++) {
      await expect(breaker.run(other)).rejects.toMatchObject({
        code: 'UPSTREAM_UNAVAILABLE',
        retryAfterSeconds: 1,
      });
    }
    expect(states).toEqual(['open', 'half-open']);
    expect(other).not.toHaveBeenCalled();
    probe.resolve('back');
    expect(await probing).toBe('back');
  });

  it('closes when that task succeeds', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await breaker.run(async () => 'back');
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect(await breaker.run(async () => 'answer')).toBe('answer');
  });

  it('opens again when that task fails, for as long as before', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const error = down();
    expect(await fail(breaker, error)).toBe(error);
    expect(states).toEqual(['open', 'half-open', 'open']);
    const task = vi.fn<() => Promise<string>>();
    await expect(breaker.run(task)).rejects.toMatchObject({ retryAfterSeconds: 5 });
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect(await breaker.run(async () => 'back')).toBe('back');
    expect(task).not.toHaveBeenCalled();
  });

  it('is not held half-open by a client that disconnects while its task tries', async () => {
    const { breaker } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await fail(breaker, new DOMException('x', 'AbortError'));
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect(await breaker.run(async () => 'back')).toBe('back');
  });
});
