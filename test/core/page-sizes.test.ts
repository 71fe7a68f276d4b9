import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../src/errors/upstream-error.ts';
import { PageSizes } from '../../src/lists/ranges/page-sizes.ts';

/** Sizes of pages with a clock, and a server that refuses limits over `max`. */
function sizing(limit = 1000) {
  const asked: number[] = [];
  const changes: number[] = [];
  const at = { now: 0, max: Infinity };
  const sizes = new PageSizes(limit, { now: () => at.now, onChange: (size) => changes.push(size) });
  const ask = async (size: number): Promise<number> => {
    asked.push(size);
    if (size <= at.max) return size;
    const refusedParameters = [{ name: 'order' }, { name: 'limit', max: at.max }];
    throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters });
  };
  return { sizes, ask, asked, changes, at };
}

describe('The limit of a request', () => {
  it.each([
    [1000, 1000, 1000, [1000]],
    [1000, 20, 10, [20, 10]],
    [200, Infinity, 50, [200, 50]],
  ])('that promises %i, asked for %d rows where %i are allowed', async (promised, rows, max, expected) => {
    const { sizes, ask, asked, changes, at } = sizing(promised);
    at.max = max;
    const found = { page: expected.at(-1), limit: expected.at(-1) };
    expect([await sizes.ask(rows, ask), await sizes.ask(rows, ask)]).toEqual([found, found]);
    expect(asked).toEqual([...expected, found.limit]);
    at.now = 60_000;
    expect(await sizes.ask(rows, ask)).toEqual(found);
    expect(changes).toEqual(expected.slice(1));
  });

  const others = [500, 100, 10.5, 9, 0].map((max) => ({ name: 'limit', max }));
  const refusals = [{ name: 'order', max: 1 }, { name: 'limit' }, ...others];
  it.each(refusals)('is not learned from a refusal of %o', async (refused) => {
    const { sizes } = sizing();
    const error = new UpstreamError('UPSTREAM_REJECTED', 'no', { refusedParameters: [refused] });
    await expect(sizes.ask(100, () => Promise.reject(error))).rejects.toBe(error);
    await expect(sizes.askWhole(() => Promise.reject(new Error('down')))).rejects.toThrow('down');
    expect(sizes.current).toBe(1000);
  });

  it('is asked for once more after a refusal', async () => {
    const { sizes, ask, asked, at } = sizing();
    const shrinking = (limit: number) => ((at.max = limit - 1), ask(limit));
    await expect(sizes.ask(1000, shrinking)).rejects.toBeInstanceOf(UpstreamError);
    expect(asked).toEqual([1000, 999]);
  });

  it('is without limit where whole lists are given, which is asked again a minute after a refusal', async () => {
    const { sizes, ask, asked, at } = sizing();
    const whole = 2 ** 31 - 1;
    expect(await sizes.askWhole(ask)).toBe(whole);
    at.max = 700;
    expect([await sizes.askWhole(ask), await sizes.askWhole(ask)]).toEqual([undefined, undefined]);
    expect([sizes.current, asked]).toEqual([700, [whole, whole]]);
    [at.now, at.max] = [60_000, Infinity];
    expect(await sizes.askWhole(ask)).toBe(whole);
  });
});
