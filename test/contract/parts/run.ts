import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { type Given, tooFew } from '../observe.ts';
import { someRuns } from '../run-details.ts';

const MALFORMED = [
  'nonsense',
  'run-',
  // A UUID, but of version 1.
  'run-123e4567-e89b-12d3-a456-426614174000',
  'run-FFFFFFFF-FFFF-4FFF-BFFF-FFFFFFFFFFFF',
  'job-ffffffff-ffff-4fff-bfff-ffffffffffff',
];

/** What is there of a run, and what of it is not found. */
const PARTS = [
  ['', 'Run'],
  ['/metrics', 'RunMetrics'],
  ['/steps', 'Run'],
  ['/messages', 'Run'],
] as const;

const METRICS_KEYS =
  'id organization_id agent_id project_id run_start_ns run_ns num_steps tools_used template_id base_template_id';

export function describeRun(given: Given): void {
  describe('one run', () => {
    describe.each(PARTS)('%s', (part, model) => {
      test.each(MALFORMED)('%s is a 400 with a text', async (id) => {
        const detail = expect.stringContaining(`Invalid run ID format: ${id}`);
        expect(await given().client.ask(`/v1/runs/${id}${part}`)).toEqual({ status: 400, body: { detail } });
      });

      test('an id that nobody has is a 404 that names it', async () => {
        const id = `run-${crypto.randomUUID()}`;
        const { status, body } = await given().client.ask(`/v1/runs/${id}${part}`);
        expect(status).toBe(404);
        expect(body).toEqual({ detail: expect.stringMatching(new RegExp(`^${model} not found with id=`)) });
        expect(body).toEqual({ detail: expect.stringContaining(id) });
      });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test('it is the row of the list, but for its total_duration_ns', async () => {
        for (const row of someRuns(given().heads.desc.rows)) {
          const { status, body } = await given().client.ask(`/v1/runs/${row.id}`);
          expect(status).toBe(200);
          const { total_duration_ns: ns, ...run } = body as WireRun;
          expect({ ...run, total_duration_ns: row.total_duration_ns }).toEqual(row);
          expect(ns === null || Number.isInteger(ns)).toBe(true);
        }
      });

      test('its metrics have ten keys, whether it has ended or not; or there are none', async () => {
        for (const { id, agent_id } of someRuns(given().heads.desc.rows)) {
          const { status, body } = await given().client.ask(`/v1/runs/${id}/metrics`);
          if (status === 404) continue;
          expect(status).toBe(200);
          const metrics = body as Readonly<Record<string, unknown>>;
          expect(Object.keys(metrics).join(' ')).toBe(METRICS_KEYS);
          expect(metrics).toMatchObject({ id, agent_id, base_template_id: null });
          for (const key of ['run_start_ns', 'run_ns', 'num_steps']) {
            const value = metrics[key];
            expect(value === null || Number.isInteger(value), `${key}: ${String(value)}`).toBe(true);
          }
          const { tools_used } = metrics;
          expect(tools_used).toEqual(tools_used === null ? null : expect.any(Array));
        }
      });
    });
  });
}
