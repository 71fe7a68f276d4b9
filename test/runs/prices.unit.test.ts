import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPrices } from '../../src/config/prices-file.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { costOf, type Prices } from '../../src/runs/prices.ts';
import { decodeSteps } from '../../src/wire/decode-details.ts';
import { propertyRuns } from '../support/property-runs.ts';
import { randomSteps, type WireStep, wireText } from '../support/random-steps.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000001';

function costOfWire(steps: readonly object[], prices: Prices) {
  const wire = steps.map((step, at) => ({ id: `step-${at}`, run_id: RUN, status: 'success', ...step }));
  return costOf(decodeSteps(parseJson(wireText(wire)), RUN), prices);
}

const prices = readPrices({
  currency: 'EUR',
  models: {
    'openai/a': { prompt: 3, cachedInput: 0.3, cacheWrite: 3.75, completion: 15, reasoning: 20 },
    a: { prompt: 100, completion: 100 },
    b: { prompt: 2, completion: 8 },
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
    ['of cached tokens', { ...handle, ...tokens(MILLION, 0, { cached_input_tokens: MILLION }) }, 0.3],
    [
      'of tokens that are cached',
      { ...handle, ...tokens(MILLION, 0, { cache_write_tokens: MILLION }) },
      3.75,
    ],
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
      {
        ...handle,
        provider_name: 'google_ai',
        ...tokens(0, MILLION, { reasoning_tokens: 2 * MILLION }),
      },
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
    ['a step has not ended', { model: 'b', status: 'pending', ...tokens(0, 0) }],
  ])('is not complete if %s', (_name, step) => {
    const one = { model: 'b', ...tokens(MILLION, 0) };
    expect(costOfWire([one, step], prices)).toEqual({ amount: 2, currency: 'EUR', isComplete: false });
  });

  it('does not drift: 100,000 steps of a hundredth of a cent are 10', () => {
    const dime = readPrices({ currency: 'USD', models: { m: { prompt: 0.1, completion: 0.1 } } });
    const steps = Array.from({ length: 100_000 }, () => ({ model: 'm', ...tokens(1000, 0) }));
    expect(costOfWire(steps, dime)?.amount).toBe(10);
  });

  it('is the double that is nearest to the exact sum', () => {
    const kinds = ['prompt', 'cachedInput', 'cacheWrite', 'completion', 'reasoning'] as const;
    const millionths = fc.oneof(fc.nat(999), fc.nat(75_000_000), fc.nat(1_000_000_000_000));
    const model = fc.record(
      { prompt: millionths, completion: millionths, cachedInput: millionths, reasoning: millionths },
      { requiredKeys: ['prompt', 'completion'] },
    );
    fc.assert(
      fc.property(
        fc.dictionary(fc.constantFrom('gpt-4o-mini', 'claude-sonnet'), model),
        randomSteps(RUN, 40),
        (models, steps) => {
          const content = Object.fromEntries(
            Object.entries(models).map(([name, given]) => [
              name,
              Object.fromEntries(
                kinds.flatMap((kind) => (kind in given ? [[kind, Object(given)[kind] / MILLION]] : [])),
              ),
            ]),
          );
          const found = costOfWire(steps, readPrices({ currency: 'USD', models: content }));
          const expected = exactCost(steps, models);
          expect(found?.isComplete).toBe(expected?.isComplete);
          if (found !== null) expectNearest(found.amount, expected?.trillionths ?? 0n);
        },
      ),
      { numRuns: propertyRuns(300) },
    );
  });
});

/** The same by the rules of the docs, over the wire's own keys. */
function exactCost(
  steps: readonly WireStep[],
  models: Readonly<Record<string, Readonly<Record<string, number>>>>,
) {
  let trillionths = 0n;
  let isComplete = true;
  let isKnown = false;
  for (const step of steps) {
    const {
      prompt = 0,
      cachedInput = prompt,
      completion = 0,
      reasoning = completion,
    } = models[step.model ?? ''] ?? {};
    const [sent, written] = [long(step['prompt_tokens']), long(step['completion_tokens'])];
    const [cached, thought] = [long(step['cached_input_tokens']) ?? 0n, long(step['reasoning_tokens']) ?? 0n];
    const isPriced = Object.hasOwn(models, step.model ?? '');
    const isPending = step['status'] === 'pending';
    const isCounted = sent !== null && written !== null && !(isPending && sent === 0n && written === 0n);
    const makesSense = isPriced && isCounted && sent >= cached && written >= thought;
    if (!makesSense || isPending) isComplete = false;
    if (!makesSense) continue;
    isKnown = true;
    trillionths +=
      (sent - cached) * BigInt(prompt) +
      cached * BigInt(cachedInput) +
      (written - thought) * BigInt(completion) +
      thought * BigInt(reasoning);
  }
  return isKnown ? { trillionths, isComplete } : undefined;
}

function long(value: unknown): bigint | null {
  return typeof value === 'number' || typeof value === 'bigint' ? BigInt(value) : null;
}

/** No other double is nearer, by their exact values as fractions. */
function expectNearest(amount: number, trillionths: bigint): void {
  const distance = (value: number): bigint => {
    const difference = toFraction(value) * TRILLION - trillionths * SCALE;
    return difference < 0n ? -difference : difference;
  };
  for (const other of [previous(amount), next(amount)]) {
    expect(distance(amount) <= distance(other), `${amount} for ${trillionths}`).toBe(true);
  }
}

/** All doubles are whole numbers of the inverse of this. */
const SCALE = 2n ** 1074n;
const TRILLION = 10n ** 12n;

/** A double in units of 2^-1074. */
function toFraction(value: number): bigint {
  const bits = new BigUint64Array(new Float64Array([value]).buffer)[0] ?? 0n;
  const exponent = (bits >> 52n) & 0x7ffn;
  const mantissa = bits & 0xfffffffffffffn;
  return exponent === 0n ? mantissa : (mantissa | (1n << 52n)) << (exponent - 1n);
}

function next(value: number): number {
  return fromBits((bits) => bits + 1n, value);
}

function previous(value: number): number {
  return value === 0 ? 0 : fromBits((bits) => bits - 1n, value);
}

function fromBits(change: (bits: bigint) => bigint, value: number): number {
  const bits = new BigUint64Array(new Float64Array([value]).buffer);
  bits[0] = change(bits[0] ?? 0n);
  return new Float64Array(bits.buffer)[0] ?? Number.NaN;
}
