import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrices } from '../../src/runs/prices-file.ts';
import { costOf, type Prices } from '../../src/runs/prices.ts';
import { decodeSteps } from '../../src/upstream/letta/decode/decode-items.ts';
import { propertyRuns } from '../support/property-runs.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000001';

function costOfWire(steps: readonly object[], prices: Prices) {
  const wire = steps.map((step, at) => ({ id: `step-${at}`, run_id: RUN, status: 'success', ...step }));
  return costOf(decodeSteps(wire), prices);
}

const prices = readPrices({
  currency: 'EUR',
  models: {
    'openai/a': { prompt: 3, cachedInput: 0.3, cacheWrite: 3.75, completion: 15, reasoning: 20 },
    a: { prompt: 100, completion: 100 },
    b: { prompt: 2, completion: 8 },
    free: { prompt: 0, completion: 0 },
  },
});
const MILLION = 1_000_000;
const tokens = (prompt: number | null, completion: number | null, others: object = {}) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  ...others,
});

describe('The cost of steps', () => {
  const handle = { model: 'a', model_handle: 'openai/a' };
  const known = { currency: 'EUR', isComplete: true };
  it.each([
    ['by the handle before the name', { ...handle, ...tokens(MILLION, 0) }, 3],
    ['by the name without a handle', { model: 'a', ...tokens(MILLION, 0) }, 100],
    ['by the name if the handle has none', { model: 'b', model_handle: 'x/b', ...tokens(0, MILLION) }, 8],
    [
      'of all kinds',
      {
        ...handle,
        ...tokens(4 * MILLION, 3 * MILLION, {
          cached_input_tokens: MILLION,
          cache_write_tokens: 2 * MILLION,
          reasoning_tokens: MILLION,
        }),
      },
      3 + 0.3 + 2 * 3.75 + 2 * 15 + 20,
    ],
    [
      'of kinds without a price, as of those which they are part of',
      {
        model: 'b',
        ...tokens(MILLION, MILLION, { cached_input_tokens: 5, cache_write_tokens: 7, reasoning_tokens: 9 }),
      },
      2 + 8,
    ],
    [
      'of reasoning that is counted apart, as that of Gemini',
      { ...handle, provider_name: 'google_ai', ...tokens(0, MILLION, { reasoning_tokens: 2 * MILLION }) },
      15 + 2 * 20,
    ],
    ['of a request that failed, which has no tokens', { model: 'b', status: 'failed', ...tokens(0, 0) }, 0],
  ])('is worked out %s', (_name, step, amount) => {
    expect(costOfWire([step], prices)).toEqual({ ...known, amount });
  });

  it.each([
    ['no steps', []],
    ['no model with a price', [{ model: 'c', ...tokens(1, 1) }, tokens(1, 1)]],
    ['no known number of tokens', [{ model: 'b', ...tokens(null, 1) }]],
    ['a step that has just begun', [{ model: 'b', status: 'pending', ...tokens(0, 0) }]],
    ['more cached tokens than tokens', [{ model: 'b', ...tokens(1, 1, { cached_input_tokens: 2 }) }]],
    ['more reasoning than tokens', [{ model: 'b', ...tokens(1, 1, { reasoning_tokens: 2 }) }]],
    ['a name of something else', [{ model: 'constructor', ...tokens(1, 1) }]],
  ])('is null, and never 0, with %s', (_name, steps) => {
    expect(costOfWire(steps, prices)).toBeNull();
  });

  it.each([
    ['a model has no price', { model: 'c', ...tokens(1, 1) }],
    ['tokens are not known', { model: 'b', ...tokens(1, null) }],
    ['a step has not begun to count', { model: 'b', status: 'pending', ...tokens(0, 0) }],
    ['a step still counts', { model: 'free', status: 'pending', ...tokens(1, 1) }],
  ])('is not complete if %s', (_name, step) => {
    const one = { model: 'b', ...tokens(MILLION, 0) };
    expect(costOfWire([one, step], prices)).toEqual({ amount: 2, currency: 'EUR', isComplete: false });
  });

  it('does not drift: 10,000 steps of a hundredth of a cent are 1', () => {
    const dime = readPrices({ currency: 'USD', models: { m: { prompt: 0.1, completion: 0.1 } } });
    const steps = Array.from({ length: 10_000 }, () => ({ model: 'm', ...tokens(1000, 0) }));
    expect(costOfWire(steps, dime)?.amount).toBe(1);
  });

  it('is the sum to the last of twelve decimals that a double of its size has', () => {
    // Millionths of a price for a million tokens, so that each token costs whole trillionths.
    const price = fc.oneof(fc.nat(999), fc.nat(75_000_000), fc.nat(1_000_000_000_000));
    const count = fc.nat(100_000);
    const step = fc.record({ rest: count, cached: count, written: count, thought: count });
    const kinds = { prompt: price, cachedInput: price, completion: price, reasoning: price };
    fc.assert(
      fc.property(fc.record(kinds), fc.array(step, { minLength: 1, maxLength: 40 }), (model, steps) => {
        const exact = steps.reduce(
          (sum, { rest, cached, written, thought }) =>
            sum +
            BigInt(rest) * BigInt(model.prompt) +
            BigInt(cached) * BigInt(model.cachedInput) +
            BigInt(written) * BigInt(model.completion) +
            BigInt(thought) * BigInt(model.reasoning),
          0n,
        );
        const wire = steps.map(({ rest, cached, written, thought }) => ({
          model: 'm',
          prompt_tokens: rest + cached,
          cached_input_tokens: cached,
          completion_tokens: written + thought,
          reasoning_tokens: thought,
        }));
        const m = Object.fromEntries(Object.entries(model).map(([name, value]) => [name, value / MILLION]));
        const found = costOfWire(wire, readPrices({ currency: 'USD', models: { m } }));
        const amount = Number(`${exact}e-12`);
        expect(found).toMatchObject({ currency: 'USD', isComplete: true });
        expect(Math.abs((found?.amount ?? 0) - amount)).toBeLessThanOrEqual(1e-12 + amount * 1e-13);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});
