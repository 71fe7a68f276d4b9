import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createMemory, HELD_KINDS, type Holder, type MemoryRefusal } from '../../src/memory/index.ts';
import { propertyRuns } from '../support/property-runs.ts';

const BUDGET = 1_000;

describe('The account of memory', () => {
  it('refuses the caller who holds most, and nobody else', () => {
    const memory = createMemory({ budgetBytes: BUDGET });
    const [greedy, modest] = [memory.open(unexpected), memory.open(unexpected)];
    greedy.identify('greedy');
    modest.identify('modest');
    expect(greedy.take('input', 900)).toBe(true);
    expect(greedy.take('input', 101)).toBe(false);
    expect(modest.take('answer', 100)).toBe(true);
    expect(memory.held).toEqual({ input: 900, stream: 0, operation: 0, answer: 100 });
  });

  it('cuts off the largest of the caller who holds most, to make room for who holds less', () => {
    const refusals: MemoryRefusal[] = [];
    const memory = createMemory({ budgetBytes: BUDGET, onRefused: (refusal) => refusals.push(refusal) });
    const ended: string[] = [];
    const open = (name: string, account: string): Holder => {
      const holder = memory.open(() => ended.push(name));
      holder.identify(account);
      return holder;
    };
    const [small, large] = [open('small', 'greedy'), open('large', 'greedy')];
    small.take('input', 300);
    large.take('answer', 600);
    expect(open('other', 'modest').take('stream', 200)).toBe(true);
    expect(ended).toEqual(['large']);
    expect(refusals).toEqual([{ reason: 'cut_off', kind: 'answer' }]);
    expect(memory.held).toEqual({ input: 300, stream: 200, operation: 0, answer: 0 });
    expect(large.take('input', 1)).toBe(false);
  });

  it('leaves an eighth to all clients that have not said who they are, the smallest of them first', () => {
    const memory = createMemory({ budgetBytes: BUDGET });
    const ended: number[] = [];
    const holders = [100, 20, 5].map((bytes, index) => {
      const holder = memory.open(() => ended.push(index));
      return [holder.take('input', bytes), holder] as const;
    });
    expect(holders.map(([taken]) => taken)).toEqual([true, true, true]);
    expect(holders[1]?.[1].take('input', 10)).toBe(true);
    expect(ended).toEqual([0]);
    expect(holders[2]?.[1].take('input', 126)).toBe(false);
  });

  it('never holds more than its budget, and never harms who holds at most a fair share', () => {
    const names = ['a', 'b', 'c', 'd', undefined];
    const step = fc.record({
      holder: fc.nat(15),
      act: fc.constantFrom('take', 'take', 'take', 'give', 'close', 'identify'),
      kind: fc.constantFrom(...HELD_KINDS),
      bytes: fc.nat(400),
      name: fc.constantFrom(...names.slice(0, 4)),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), (steps) => {
        const memory = createMemory({ budgetBytes: BUDGET });
        interface Model {
          readonly holder: Holder;
          name: string | undefined;
          bytes: Record<(typeof HELD_KINDS)[number], number>;
        }
        const models = new Map<number, Model>();
        const totalOf = (model: Model): number =>
          HELD_KINDS.reduce((sum, kind) => sum + model.bytes[kind], 0);
        const heldBy = (name: string | undefined): number =>
          [...models.values()]
            .filter((model) => model.name === name)
            .reduce((sum, model) => sum + totalOf(model), 0);
        for (const { holder: index, act, kind, bytes, name } of steps) {
          const model =
            models.get(index) ??
            ({
              name: undefined,
              bytes: { input: 0, stream: 0, operation: 0, answer: 0 },
              holder: memory.open(() => {
                const cut = models.get(index);
                if (cut?.name !== undefined) expect(heldBy(cut.name)).toBeGreaterThan(BUDGET / names.length);
                models.delete(index);
              }),
            } satisfies Model);
          models.set(index, model);
          if (act === 'take') {
            const before = heldBy(model.name);
            const taken = model.holder.take(kind, bytes);
            if (taken) model.bytes[kind] += bytes;
            else if (model.name !== undefined) expect(before + bytes).toBeGreaterThan(BUDGET / names.length);
          } else if (act === 'give') {
            const given = Math.min(bytes, model.bytes[kind]);
            model.holder.give(kind, given);
            model.bytes[kind] -= given;
          } else if (act === 'close') {
            model.holder.close();
            models.delete(index);
          } else {
            model.holder.identify(name ?? '');
            model.name = name;
          }
          const expected = Object.fromEntries(
            HELD_KINDS.map((one) => [
              one,
              [...models.values()].reduce((sum, each) => sum + each.bytes[one], 0),
            ]),
          );
          expect(memory.held).toEqual(expected);
          expect(HELD_KINDS.reduce((sum, one) => sum + memory.held[one], 0)).toBeLessThanOrEqual(BUDGET);
          expect(heldBy(undefined)).toBeLessThanOrEqual(BUDGET / 8);
        }
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});

function unexpected(): void {
  throw new Error('It was cut off');
}
