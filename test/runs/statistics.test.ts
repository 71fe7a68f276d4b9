import { expect, it } from 'vitest';
import { percentile, readCounted, slowestFirst } from '../../src/runs/run-stats.ts';
import { decodeRun } from '../../src/wire/decode-run.ts';

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

it('The slowest runs come first, of equal ones the first, and those without a duration are left out', () => {
  const rows = [3, null, 5, 3, 0, 5].map((total_duration_ns, index) =>
    readCounted(
      decodeRun({
        id: `run-${index}`,
        agent_id: 'agent-1',
        created_at: '2026-01-01T00:00:00Z',
        total_duration_ns,
      }),
    ),
  );
  expect(slowestFirst(rows).map(({ id }) => id)).toEqual(['run-2', 'run-5', 'run-0', 'run-3', 'run-4']);
});
