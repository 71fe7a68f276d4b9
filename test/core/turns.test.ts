import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it, onTestFinished, vi } from 'vitest';
import { FairQueue } from '../../src/scheduling/fair-queue.ts';
import { isTurnOver, turnOfLarge, turnOfRequest } from '../../src/scheduling/next-turn.ts';

it('Requests beyond the time of a turn go on in their order, a few in each, also behind those that wait', async () => {
  expect(turnOfRequest()).toBeUndefined();
  const end = performance.now() + 15;
  while (performance.now() < end);
  expect(isTurnOver()).toBe(true);
  const went: number[] = [];
  const ask = (number: number) => turnOfRequest()?.then(() => void went.push(number));
  const burst = Array.from({ length: 12 }, (_, number) => ask(number));
  await nextTurn();
  expect(isTurnOver()).toBe(false);
  const later = ask(12);
  await burst[0];
  await nextTurn();
  expect(went).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  await Promise.all([...burst, later]);
  expect(went).toEqual([...Array.from({ length: 13 }).keys()]);
  await nextTurn();
  expect(turnOfRequest()).toBeUndefined();
});

it('Requests wait for few turns where other work makes turns long', async () => {
  await nextTurn();
  vi.useFakeTimers({ toFake: ['performance'] });
  onTestFinished(() => void vi.useRealTimers());
  expect(turnOfRequest()).toBeUndefined();
  vi.advanceTimersByTime(15);
  let went = 0;
  for (let number = 0; number < 24; number++) void turnOfRequest()?.then(() => went++);
  for (let turn = 0; turn < 10; turn++) {
    await nextTurn();
    vi.advanceTimersByTime(15);
  }
  expect(went).toBe(24);
});

it('Large documents go on one after the other, by turns of their accounts, but for those that are left', async () => {
  const went: string[] = [];
  const leaving = new AbortController();
  const ask = (account: string, { signal } = new AbortController()) =>
    turnOfLarge({ credentials: { account }, signal }).then(() => void went.push(account));
  const stay = ['a', 'a', 'a', 'b'].map((account) => ask(account));
  const left = [1, 2, 3].map(() => ask('left', leaving));
  leaving.abort();
  for (const each of left) await expect(each).rejects.toThrow('aborted');
  await Promise.all(stay);
  expect(went).toEqual(['a', 'a', 'b', 'a']);
});

it('A task that needs many permits is not overtaken by later ones that need few', async () => {
  const queue = new FairQueue({ permits: 10, capacity: 5, share: Infinity });
  const { signal } = new AbortController();
  const started: string[] = [];
  const held = Promise.withResolvers<void>();
  const admit = (name: string, permits: number, until?: Promise<void>): Promise<void> => {
    const task = async () => {
      started.push(name);
      await until;
    };
    return queue.admit(name, signal, task, permits);
  };
  const tasks = [admit('first', 5, held.promise), admit('large', 6), admit('small', 1)];
  await nextTurn();
  expect(started).toEqual(['first']);
  held.resolve();
  await Promise.all(tasks);
  expect(started).toEqual(['first', 'large', 'small']);
});
