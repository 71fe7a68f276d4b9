import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/runs/errors.ts';
import { type Breaker, createBreaker } from '../../../src/upstream/http/breaker.ts';

const HALF_OPEN_AFTER_MS = 5_000;
const ONE = { caller: 'one', isUnusual: false };

beforeEach(() => {
  vi.useFakeTimers();
  return () => vi.useRealTimers();
});

function fail(breaker: Breaker, error: Error): Promise<unknown> {
  return breaker.run(() => Promise.reject(error), ONE).catch((reason: unknown) => reason);
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
    expect(await breaker.run(async () => 'answer', ONE)).toBe('answer');
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

  it.each<[string, number, boolean]>([
    ['does not open for objects that the upstream fails to send', 500, false],
    ['opens for objects where it says more than that', 503, true],
  ])('%s', async (_name, status, opens) => {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    for (let call = 0; call < 30; call++) {
      const error = new UpstreamError('UPSTREAM_ERROR', 'down', { status });
      await breaker.run(() => Promise.reject(error), { ...ONE, mayFailAlone: true }).catch(() => undefined);
      vi.advanceTimersByTime(500);
    }
    expect(states.includes('open')).toBe(opens);
  });

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
      await breaker.run(async () => 'answer', ONE);
      await breaker.run(async () => 'answer', ONE);
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
    await expect(breaker.run(task, ONE)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retry: 'never',
      retryAfterSeconds: 5,
    });
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS - 1);
    await expect(breaker.run(task, ONE)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(task).not.toHaveBeenCalled();
  });

  it('lets a single task try again after a while, and refuses all others meanwhile', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const probe = Promise.withResolvers<string>();
    const probing = breaker.run(() => probe.promise, ONE);
    const other = vi.fn<() => Promise<string>>();
    for (let call = 0; call < 3; call++) {
      await expect(breaker.run(other, ONE)).rejects.toMatchObject({
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
    await breaker.run(async () => 'back', ONE);
    expect(states).toEqual(['open', 'half-open', 'closed']);
    expect(await breaker.run(async () => 'answer', ONE)).toBe('answer');
  });

  it('opens again when that task fails, for as long as before', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const error = down();
    expect(await fail(breaker, error)).toBe(error);
    expect(states).toEqual(['open', 'half-open', 'open']);
    const task = vi.fn<() => Promise<string>>();
    await expect(breaker.run(task, ONE)).rejects.toMatchObject({ retryAfterSeconds: 5 });
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect(await breaker.run(async () => 'back', ONE)).toBe('back');
    expect(task).not.toHaveBeenCalled();
  });

  it.each<[string, Error]>([
    ['a client that disconnects', new DOMException('x', 'AbortError')],
    ['an unexpected error', new TypeError('x')],
  ])('neither closes nor waits again when that task ends by %s: the next one tries', async (_name, error) => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect(await fail(breaker, error)).toBe(error);
    expect(states).toEqual(['open', 'half-open']);
    expect(await fail(breaker, down())).toMatchObject({ message: 'down' });
    expect(states).toEqual(['open', 'half-open', 'open']);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await fail(breaker, error);
    expect(await breaker.run(async () => 'back', ONE)).toBe('back');
    expect(states.slice(3)).toEqual(['half-open', 'closed']);
  });

  it('forgets what failed before it closed', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await breaker.run(async () => 'back', ONE);
    for (let call = 0; call < 9; call++) await fail(breaker, down());
    expect(states.at(-1)).toBe('closed');
  });

  it('does not let an unusual request try', async () => {
    const { breaker, states } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const task = vi.fn<() => Promise<string>>();
    const unusual = breaker.run(task, { caller: 'one', isUnusual: true });
    await expect(unusual).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(task).not.toHaveBeenCalled();
    expect(states).toEqual(['open']);
  });
});

describe('A breaker that callers share', () => {
  /** How 100 tasks of each of these callers end, in turn, in one second. */
  async function statesAfter(callers: readonly { caller: string; fails: boolean; isUnusual?: boolean }[]) {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    for (let call = 0; call < 100; call++) {
      for (const { caller, fails, isUnusual = false } of callers) {
        const task = () => (fails ? Promise.reject(down()) : Promise.resolve('answer'));
        await breaker.run(task, { caller, isUnusual }).catch(() => undefined);
      }
      vi.advanceTimersByTime(10);
    }
    return states;
  }
  const served = { caller: 'served', fails: false };
  const failing = { caller: 'failing', fails: true };

  it('stays closed whatever happens to unusual requests', async () => {
    expect(await statesAfter([{ ...failing, isUnusual: true }])).toEqual([]);
  });

  it('stays closed while only one of them fails, and others are served', async () => {
    expect(await statesAfter([served, failing, failing, failing])).toEqual([]);
  });

  it.each([
    ['the only one fails', [failing]],
    ['all of them fail', [failing, { caller: 'another', fails: true }]],
    ['many more than one fail', [served, failing, { caller: 'another', fails: true }, failing]],
  ])('opens when %s', async (_name, callers) => {
    expect(await statesAfter(callers)).toEqual(['open']);
  });

  it('opens some seconds after the last success of others', async () => {
    const states: string[] = [];
    const breaker = createBreaker((state) => states.push(state));
    await breaker.run(async () => 'answer', { caller: 'served', isUnusual: false });
    await failFor(4, breaker, down());
    expect(states).toEqual([]);
    await failFor(10, breaker, down());
    expect(states[0]).toBe('open');
  });
});
