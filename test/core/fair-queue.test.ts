import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FairQueue } from '../../src/scheduling/fair-queue.ts';

it('A task that needs many permits is not overtaken by later ones that need few', async () => {
  const queue = new FairQueue({ permits: 10, capacity: 5, maxTimesFree: Infinity });
  const { signal } = new AbortController();
  const started: string[] = [];
  const held = Promise.withResolvers<void>();
  const admit = (name: string, permits: number, until = Promise.resolve()): Promise<void> =>
    queue.enqueue(name, signal, () => (started.push(name), until), permits);
  const tasks = [admit('first', 5, held.promise), admit('large', 6), admit('small', 1)];
  await nextTurn();
  expect(started).toEqual(['first']);
  held.resolve();
  await Promise.all(tasks);
  expect(started).toEqual(['first', 'large', 'small']);
});
