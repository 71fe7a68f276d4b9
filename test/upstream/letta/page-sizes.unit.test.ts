import { describe, expect, it } from 'vitest';
import { UpstreamError } from '../../../src/errors/upstream-error.ts';
import { createPageSizes } from '../../../src/lists/ranges/page-sizes.ts';
import { LIST_PAGES, type ListKind } from '../../../src/runs/limits.ts';

/** Refuses limits over `max`, as the API does; remembers what it was asked for. */
function upstreamOf(max: () => number) {
  const asked: number[] = [];
  const ask = async (limit: number): Promise<number> => {
    asked.push(limit);
    if (limit <= max()) return limit;
    const refused = { name: 'limit', value: String(limit), max: max() };
    throw new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters: [refused] });
  };
  return { ask, asked };
}

describe('The size of a page', () => {
  it.each<[ListKind, rows: number, max: number, asked: readonly number[]]>([
    ['runs', 1000, 1000, [1000]],
    ['runs', 20, 1000, [20]],
    ['runs', 20, 10, [20, 10]],
    ['runs', 1000, 200, [1000, 200]],
    ['steps', Infinity, 200, [200]],
    ['steps', Infinity, 50, [200, 50]],
  ])('of %s, asked for %i rows where %i are allowed', async (kind, rows, max, expected) => {
    const { ask, asked } = upstreamOf(() => max);
    const { limit, page } = await createPageSizes(LIST_PAGES[kind]).ask(rows, ask);
    expect(asked).toEqual(expected);
    expect([limit, page]).toEqual([expected.at(-1), expected.at(-1)]);
  });

  it('is learned for a minute, and shown', async () => {
    let now = 0;
    let max = 50;
    const changes: unknown[] = [];
    const sizes = createPageSizes(LIST_PAGES.runs, {
      now: () => now,
      onChange: (...change) => changes.push(change),
    });
    const { ask, asked } = upstreamOf(() => max);
    await sizes.ask(100, ask);
    await sizes.ask(100, ask);
    expect(asked).toEqual([100, 50, 50]);
    expect(sizes.current).toBe(50);
    max = 10;
    await sizes.ask(100, ask);
    expect(asked.slice(3)).toEqual([50, 10]);
    max = 1000;
    now = 60_000;
    await sizes.ask(100, ask);
    expect(asked.slice(5)).toEqual([100]);
    expect(sizes.current).toBe(1000);
    expect(changes).toEqual([[50], [10]]);
  });

  it('is without limit where whole lists are given, which is known for a minute', async () => {
    let now = 0;
    let max = Infinity;
    const sizes = createPageSizes(LIST_PAGES.messages, { now: () => now });
    const { ask } = upstreamOf(() => max);
    expect(sizes.givesWhole).toBeUndefined();
    expect(await sizes.askWhole(ask)).toBeGreaterThan(1_000_000);
    expect(sizes.givesWhole).toBe(true);
    now = 60_000;
    max = 1000;
    expect(sizes.givesWhole).toBeUndefined();
    expect(await sizes.askWhole(ask)).toBeUndefined();
    expect(sizes.givesWhole).toBe(false);
    expect(await sizes.ask(Infinity, ask)).toEqual({ page: 1000, limit: 1000 });
  });

  it.each([
    ['another parameter', { name: 'order', max: 1 }],
    ['no number', { name: 'limit' }],
    ['a larger limit', { name: 'limit', max: 500 }],
    ['zero', { name: 'limit', max: 0 }],
    ['a fraction', { name: 'limit', max: 1.5 }],
  ])('is not learned from a refusal that names %s', async (_name, refused) => {
    const sizes = createPageSizes(LIST_PAGES.runs);
    const error = new UpstreamError('UPSTREAM_REJECTED', 'no', { status: 422, refusedParameters: [refused] });
    await expect(sizes.ask(100, () => Promise.reject(error))).rejects.toBe(error);
    expect(sizes.current).toBe(1000);
  });

  it('is not sought for ever', async () => {
    let max = 1000;
    const { ask, asked } = upstreamOf(() => (max -= 1));
    await expect(createPageSizes(LIST_PAGES.runs).ask(1000, ask)).rejects.toBeInstanceOf(UpstreamError);
    expect(asked).toHaveLength(5);
  });
});
