import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
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

  it('reports nothing of holders that are closed already, for which the budget has room', () => {
    const refusals: MemoryRefusal[] = [];
    const memory = createMemory({ budgetBytes: BUDGET, onRefused: (refusal) => refusals.push(refusal) });
    const left = memory.open(unexpected, 'left');
    left.close();
    expect(left.take('input', 1)).toBe(false);
    expect(refusals).toEqual([]);
    expect(memory.held).toEqual({ input: 0, stream: 0, operation: 0, answer: 0 });
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

describe('The account of a process that takes more than what is entered', () => {
  const MEBIBYTE = 1024 * 1024;
  const BUDGET_MB = 256;

  /** A process that has some overhead, of which so much can be released, in some time. Sizes are in mebibytes. */
  function started(releasableMb = 0, releaseMs = 0) {
    vi.useFakeTimers();
    let [overheadMb, heldMb] = [0, 0];
    let releases = 0;
    let busyMs = 0;
    const now = performance.now.bind(performance);
    vi.spyOn(performance, 'now').mockImplementation(() => now() + busyMs);
    const memory = createMemory({
      budgetBytes: BUDGET_MB * MEBIBYTE,
      process: {
        residentBytes: () => (100 + overheadMb + heldMb) * MEBIBYTE,
        releaseMemory() {
          releases += 1;
          busyMs += releaseMs;
          overheadMb = Math.max(0, overheadMb - releasableMb);
        },
      },
    });
    const holder = memory.open(unexpected);
    holder.identify('greedy');
    return {
      take(mb: number): boolean {
        const isTaken = holder.take('input', mb * MEBIBYTE);
        if (isTaken) heldMb += mb;
        return isTaken;
      },
      give(mb: number): void {
        holder.give('input', mb * MEBIBYTE);
        heldMb -= mb;
      },
      releases: () => releases,
      set(mb: number) {
        overheadMb = mb;
        vi.advanceTimersByTime(60);
      },
      [Symbol.dispose]() {
        vi.restoreAllMocks();
        vi.useRealTimers();
      },
    };
  }

  it('admits less by what is too much, but always half of the budget', () => {
    using test = started();
    expect(test.take(120)).toBe(true);
    test.set(96);
    expect([test.take(137), test.take(16)]).toEqual([false, true]);
    test.set(96 + 100);
    expect([test.take(21), test.take(20)]).toEqual([false, true]);
    test.give(56);
    test.set(1_000);
    expect([test.take(29), test.take(28)]).toEqual([false, true]);
    test.set(0);
    expect([test.take(129), test.take(128)]).toEqual([false, true]);
  });

  it('releases what it can while that is too much, and once more when little is held', () => {
    using test = started(60);
    test.take(100);
    test.set(90);
    vi.advanceTimersByTime(2_000);
    expect(test.releases()).toBe(0);
    test.set(200);
    vi.advanceTimersByTime(5_000);
    // 200, 140 and 80, which is no longer too much.
    expect(test.releases()).toBe(2);
    test.give(100);
    vi.advanceTimersByTime(60_000);
    expect(test.releases()).toBe(3);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('takes a small part of the time to release what no garbage is', () => {
    using test = started(0, 300);
    test.take(100);
    test.set(1_000);
    vi.advanceTimersByTime(60_000);
    expect(test.releases()).toBe(10);
    test.give(100);
    vi.advanceTimersByTime(20_000);
    expect(test.releases()).toBeLessThan(13);
    expect(vi.getTimerCount()).toBe(0);
  });

  it('releases nothing as long as little is held', () => {
    using test = started(60);
    test.set(1_000);
    expect([test.take(8), test.take(8)]).toEqual([true, true]);
    expect(vi.getTimerCount()).toBe(0);
  });
});

function unexpected(): void {
  throw new Error('It was cut off');
}
