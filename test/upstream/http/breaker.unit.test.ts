import { beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError, type UpstreamErrorCode } from '../../../src/errors/upstream-error.ts';
import { type Breaker, createBreaker } from '../../../src/upstream/http/breaker.ts';

const HALF_OPEN_AFTER_MS = 5_000;
const PATIENCE_MS = 1_000;
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

/** A breaker, and what it has told: each change with the number of open ones, such as `opened 1`. */
function start(): { breaker: Breaker; changes: string[] } {
  const changes: string[] = [];
  const breaker = createBreaker({
    patienceMs: PATIENCE_MS,
    onChange: (change, open) => changes.push(`${change} ${open}`),
  });
  return { breaker, changes };
}

async function openBreaker(): Promise<{ breaker: Breaker; changes: string[] }> {
  const { breaker, changes } = start();
  for (let call = 0; call < 100 && changes.length === 0; call++) await fail(breaker, down());
  return { breaker, changes };
}

describe('A breaker', () => {
  it('passes results and errors on while it is closed', async () => {
    const { breaker, changes } = start();
    expect(await breaker.run(async () => 'answer', ONE)).toBe('answer');
    const error = down();
    expect(await fail(breaker, error)).toBe(error);
    expect(changes).toEqual([]);
  });

  it.each(['UPSTREAM_UNAVAILABLE', 'UPSTREAM_ERROR'] as const)(
    'opens when the upstream keeps failing with %s',
    async (code) => {
      const { breaker, changes } = start();
      await failFor(10, breaker, down(code));
      expect(changes[0]).toBe('opened 1');
    },
  );

  it.each<[string, number, string[]]>([
    ['does not open for objects that the upstream fails to send', 500, []],
    ['opens for objects where it says more than that', 503, ['opened 1']],
  ])('%s', async (_name, status, expected) => {
    const { breaker, changes } = start();
    for (let call = 0; call < 30 && changes.length === 0; call++) {
      const error = new UpstreamError('UPSTREAM_ERROR', 'down', { status });
      await breaker.run(() => Promise.reject(error), { ...ONE, mayFailAlone: true }).catch(() => undefined);
      vi.advanceTimersByTime(500);
    }
    expect(changes).toEqual(expected);
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
    const { breaker, changes } = start();
    await failFor(30, breaker, error);
    expect(changes).toEqual([]);
  });

  it('opens after ten failures in a row, however long they take', async () => {
    const { breaker, changes } = start();
    for (let call = 0; call < 10; call++) {
      expect(changes).toEqual([]);
      vi.advanceTimersByTime(59_000);
      await fail(breaker, down());
    }
    expect(changes).toEqual(['opened 1']);
  });

  it.each([
    ['opens', 'so long as a silent upstream takes', PATIENCE_MS, ['opened 1']],
    ['stays closed', 'shorter, as after a long wait', PATIENCE_MS - 1, []],
  ])('%s when requests reach their deadline after a time that is %s', async (_what, _name, ms, expected) => {
    const { breaker, changes } = start();
    for (let call = 0; call < 10; call++) {
      const task = (): Promise<never> => {
        vi.advanceTimersByTime(ms);
        return Promise.reject(down('UPSTREAM_TIMEOUT'));
      };
      await expect(breaker.run(task, ONE)).rejects.toMatchObject({ code: 'UPSTREAM_TIMEOUT' });
    }
    expect(changes).toEqual(expected);
  });

  it('stays closed whatever happens to unusual requests', async () => {
    const { breaker, changes } = start();
    for (let call = 0; call < 100; call++) {
      const unusual = breaker.run(() => Promise.reject(down()), { caller: 'one', isUnusual: true });
      await expect(unusual).rejects.toMatchObject({ message: 'down' });
    }
    expect(changes).toEqual([]);
  });

  it('stays closed while more than half of the calls succeed', async () => {
    const { breaker, changes } = start();
    for (let call = 0; call < 60; call++) {
      await breaker.run(async () => 'answer', ONE);
      await breaker.run(async () => 'answer', ONE);
      await fail(breaker, down());
      vi.advanceTimersByTime(500);
    }
    expect(changes).toEqual([]);
  });
});

describe('An open breaker', () => {
  it('refuses at once, without running the task, and says when to come back', async () => {
    const { breaker, changes } = await openBreaker();
    expect(changes).toEqual(['opened 1']);
    const task = vi.fn<() => Promise<string>>();
    await expect(breaker.run(task, ONE)).rejects.toMatchObject({
      code: 'UPSTREAM_UNAVAILABLE',
      retry: 'never',
      retryAfterSeconds: 5,
    });
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS - 1);
    await expect(breaker.run(task, ONE)).rejects.toMatchObject({ retryAfterSeconds: 1 });
    expect(() => breaker.check(ONE)).toThrow(UpstreamError);
    vi.advanceTimersByTime(1);
    expect(() => breaker.check(ONE)).not.toThrow();
    expect(task).not.toHaveBeenCalled();
  });

  it('lets a single task try again after a while, and refuses all others meanwhile', async () => {
    const { breaker, changes } = await openBreaker();
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
    expect(changes).toEqual(['opened 1']);
    expect(other).not.toHaveBeenCalled();
    probe.resolve('back');
    expect(await probing).toBe('back');
  });

  it('closes when that task succeeds', async () => {
    const { breaker, changes } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await breaker.run(async () => 'back', ONE);
    expect(changes).toEqual(['opened 1', 'closed 0']);
    expect(await breaker.run(async () => 'answer', ONE)).toBe('answer');
  });

  it('opens again when that task fails, for as long as before', async () => {
    const { breaker, changes } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const error = down();
    expect(await fail(breaker, error)).toBe(error);
    expect(changes).toEqual(['opened 1']);
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
    const { breaker, changes } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    expect(await fail(breaker, error)).toBe(error);
    expect(changes).toEqual(['opened 1']);
    expect(await fail(breaker, down())).toMatchObject({ message: 'down' });
    expect(changes).toEqual(['opened 1']);
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await fail(breaker, error);
    expect(await breaker.run(async () => 'back', ONE)).toBe('back');
    expect(changes).toEqual(['opened 1', 'closed 0']);
  });

  it('forgets what failed before it closed', async () => {
    const { breaker, changes } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    await breaker.run(async () => 'back', ONE);
    for (let call = 0; call < 9; call++) await fail(breaker, down());
    expect(changes).toEqual(['opened 1', 'closed 0']);
    await fail(breaker, down());
    expect(changes.at(-1)).toBe('opened 1');
  });

  it('does not let an unusual request try', async () => {
    const { breaker, changes } = await openBreaker();
    vi.advanceTimersByTime(HALF_OPEN_AFTER_MS);
    const task = vi.fn<() => Promise<string>>();
    const unusual = breaker.run(task, { caller: 'one', isUnusual: true });
    await expect(unusual).rejects.toMatchObject({ code: 'UPSTREAM_UNAVAILABLE' });
    expect(task).not.toHaveBeenCalled();
    expect(changes).toEqual(['opened 1']);
  });
});
