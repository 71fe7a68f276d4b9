import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { createHoldBack } from '../../../src/upstream/http/hold-back.ts';

const limited = (retryAfterMs?: number, status = 429) =>
  new UpstreamError('RATE_LIMITED', 'x', { status, retryAfterMs });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('A caller whom the upstream has told to wait', () => {
  it('is held back until the time is over, and no other caller is', () => {
    const holdBack = createHoldBack(10_000);
    holdBack.record('one', limited(2000));
    expect(() => holdBack.check('one')).toThrow(expect.objectContaining({ retryAfterMs: 2000 }));
    expect(() => holdBack.check('two')).not.toThrow();
    expect(() => holdBack.check('three')).not.toThrow();
    vi.advanceTimersByTime(1999);
    expect(() => holdBack.check('one')).toThrow(
      expect.objectContaining({ code: 'RATE_LIMITED', retry: 'if-retry-after', retryAfterMs: 1 }),
    );
    vi.advanceTimersByTime(1);
    expect(() => holdBack.check('one')).not.toThrow();
  });

  it('is held back for the longest of the times that it was told', () => {
    const holdBack = createHoldBack(10_000);
    for (const ms of [1000, 3000, 2000]) holdBack.record('one', limited(ms));
    expect(() => holdBack.check('one')).toThrow(expect.objectContaining({ retryAfterMs: 3000 }));
  });
});

it.each([
  ['no time', limited()],
  ['no time at all', limited(0)],
  ['a time that no request can wait for', limited(10_001)],
  ['another status', limited(2000, 503)],
  ['an unexpected error', new TypeError('x')],
])('%s holds back nobody', (_name, error) => {
  const holdBack = createHoldBack(10_000);
  holdBack.record('one', error);
  expect(() => holdBack.check('one')).not.toThrow();
});
