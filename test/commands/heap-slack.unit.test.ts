import { memoryUsage } from 'node:process';
import { expect, it } from 'vitest';
import { reserveHeapSlack } from '../../src/cli/heap-slack.ts';

it('The slack of the heap counts as 64 MiB in use, once', () => {
  const before = memoryUsage().arrayBuffers;
  reserveHeapSlack();
  reserveHeapSlack();
  expect(Math.round((memoryUsage().arrayBuffers - before) / 1024 ** 2)).toBe(64);
});
