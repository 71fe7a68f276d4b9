import { describe, expect, it, vi } from 'vitest';
import { textOf } from '../../src/runs/messages.ts';
import { oncePer } from '../../src/runs/once-per.ts';
import { stepsByModel, sumOf } from '../../src/runs/usage.ts';
import { decodeSteps } from '../../src/wire/decode-details.ts';

describe('What is computed once for an object', () => {
  it('is the same for the same object, and computed for another one', () => {
    const compute = vi.fn(({ x }: { x: number }) => [x]);
    const once = oncePer(compute);
    const [one, other] = [{ x: 1 }, { x: 1 }];
    expect(once(one)).toBe(once(one));
    expect(once(other)).not.toBe(once(one));
    expect(compute).toHaveBeenCalledTimes(2);
  });

  it('is an error for as often as it is asked for', () => {
    const compute = vi.fn(() => {
      throw new Error('none');
    });
    const once = oncePer(compute);
    const key = {};
    expect(() => once(key)).toThrow('none');
    expect(() => once(key)).toThrow('none');
    expect(compute).toHaveBeenCalledOnce();
  });

  it.each<[string, () => number]>([
    [
      'a sum of steps, however often it is asked for',
      () => {
        let reads = 0;
        const step = {
          id: 'step-1',
          get total_tokens() {
            return ++reads;
          },
        };
        const steps = decodeSteps([step], 'run-1');
        expect([sumOf(steps, 'totalTokens'), sumOf(steps, 'totalTokens')]).toEqual([1, 1]);
        expect(sumOf(steps, 'promptTokens')).toBeNull();
        return reads;
      },
    ],
    [
      'the models of steps',
      () => {
        let reads = 0;
        const step = {
          id: 'step-1',
          get model() {
            return `m${++reads}`;
          },
        };
        const steps = decodeSteps([step], 'run-1');
        expect(stepsByModel(steps)).toBe(stepsByModel(steps));
        return reads;
      },
    ],
    [
      'the text of a content of several parts',
      () => {
        let reads = 0;
        const part = {
          type: 'RunTextPart',
          signature: null,
          get text() {
            return `t${++reads}`;
          },
        } as const;
        const parts = [part, { type: 'RunTextPart', signature: null, text: 'x' } as const];
        expect([textOf(parts), textOf(parts)]).toEqual(['t1\nx', 't1\nx']);
        return reads;
      },
    ],
  ])('is %s', (_name, countReads) => {
    expect(countReads()).toBe(1);
  });
});
