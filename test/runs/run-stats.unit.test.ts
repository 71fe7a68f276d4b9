import { expect, it } from 'vitest';
import {
  countFailed,
  type CountedRun,
  durationsOf,
  percentile,
  readCounted,
  slowestFirst,
} from '../../src/runs/run-stats.ts';
import type { Run } from '../../src/runs/run.ts';

const RUN = {
  id: 'run-1',
  agentId: 'agent-1',
  createdInstant: '2026-01-01T00:00:00.000000',
  stopReason: null,
};

/** Counted runs with these durations, and how often anything of them was read. */
function countedRuns(durations: readonly (number | null)[]) {
  let reads = 0;
  const rows = durations.map((totalDurationNs, index): CountedRun => {
    const run = { ...RUN, id: `run-${index}`, status: 'failed', totalDurationNs } as unknown as Run;
    const proxy = new Proxy(readCounted(run), {
      get(counted, name) {
        reads++;
        return Reflect.get(counted, name) as unknown;
      },
    });
    return proxy;
  });
  return { rows, reads: () => reads };
}

it('The slowest runs come first, of equal ones the first, and those without a duration are left out', () => {
  const { rows } = countedRuns([3, null, 5, 3, 0, 5]);
  expect(slowestFirst(rows).map(({ id }) => id)).toEqual(['run-2', 'run-5', 'run-0', 'run-3', 'run-4']);
});

it.each([
  ['slowestFirst', slowestFirst] as const,
  ['countFailed', countFailed] as const,
  ['durationsOf', durationsOf] as const,
])('%s reads runs once, however often it is asked', (_name, compute) => {
  const { rows, reads } = countedRuns([1, 2, 3]);
  const first = compute(rows);
  const before = reads();
  expect(before).toBeGreaterThan(0);
  expect(compute(rows)).toBe(first);
  expect(reads()).toBe(before);
});

it.each([
  [[1], 0.5, 1],
  [[1, 2], 0.5, 1],
  [[1, 2, 3], 0.5, 2],
  [[1, 2, 3], 0, 1],
  [[1, 2, 3], 1, 3],
  [Array.from({ length: 100 }, (_value, index) => index), 0.95, 94],
])('Of %j, the percentile %d is %d', (sorted, part, expected) => {
  expect(percentile(sorted, part)).toBe(expected);
});
