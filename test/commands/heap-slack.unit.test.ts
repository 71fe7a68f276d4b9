import { memoryUsage } from 'node:process';
import { getHeapStatistics } from 'node:v8';
import { expect, it } from 'vitest';
import { reserveHeapSlack } from '../../src/cli/heap-slack.ts';

it('The slack of the heap counts as 64 MiB in use, or an eighth of a small heap, once', () => {
  const slack = reserveHeapSlack();
  const eighth = Math.floor(getHeapStatistics().heap_size_limit / 8);
  expect(slack.byteLength).toBe(Math.min(64 * 1024 * 1024, eighth));
  expect(memoryUsage().arrayBuffers).toBeGreaterThanOrEqual(slack.byteLength);
  expect(reserveHeapSlack()).toBe(slack);
});
