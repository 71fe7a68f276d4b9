import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { type Given, tooFew } from '../observe.ts';

const MALFORMED = [
  'nonsense',
  'run-',
  // A UUID, but of version 1.
  'run-123e4567-e89b-12d3-a456-426614174000',
  'run-FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF',
  'job-ffffffff-ffff-4fff-bfff-ffffffffffff',
];

/** Some runs from all over the list, of every status. */
export function someRuns(rows: readonly WireRun[]): WireRun[] {
  const kinds = rows.map((row) => rows.find((other) => other.status === row.status) ?? row);
  const spread = [0, 0.25, 0.5, 0.75, 1].flatMap(
    (part) => rows.at(Math.ceil(part * (rows.length - 1))) ?? [],
  );
  // Letta asks another service about runs that are marked so, and the answer may be another status.
  return [...new Set([...spread, ...kinds])].filter(
    ({ id, metadata }) => id.startsWith('run-') && !metadata?.['lettuce'],
  );
}

export function describeRetrieve(given: Given): void {
  describe('one run', () => {
    test.each(MALFORMED)('%s is a 400 with a text', async (id) => {
      const response = await given().client.get(`/v1/runs/${id}`);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ detail: expect.stringContaining(id) });
    });

    test('an id that nobody has is a 404 with a text', async () => {
      const id = `run-${crypto.randomUUID()}`;
      const response = await given().client.get(`/v1/runs/${id}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({ detail: expect.stringContaining(id) });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test('it is the row of the list, but for its total_duration_ns', async () => {
        const { client, heads } = given();
        for (const row of someRuns(heads.desc.rows)) {
          const response = await client.get(`/v1/runs/${row.id}`);
          expect(response.status).toBe(200);
          const { total_duration_ns, ...run }: WireRun = await response.json();
          expect({ ...run, total_duration_ns: row.total_duration_ns }).toEqual(row);
          expect(total_duration_ns === null || Number.isInteger(total_duration_ns)).toBe(true);
        }
      });
    });
  });
}
