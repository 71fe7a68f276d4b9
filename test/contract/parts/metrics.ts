import { beforeEach, describe, expect, test } from 'vitest';
import { type Given, tooFew } from '../observe.ts';
import { someRuns } from './retrieve.ts';

const KEYS = [
  'id',
  'organization_id',
  'agent_id',
  'project_id',
  'run_start_ns',
  'run_ns',
  'num_steps',
  'tools_used',
  'template_id',
  'base_template_id',
];

const isWholeOrNull = (value: unknown): boolean => value === null || Number.isInteger(value);

export function describeMetrics(given: Given): void {
  describe('the metrics of a run', () => {
    test('a malformed id is a 400, an unknown one a 404', async () => {
      const { client } = given();
      expect((await client.get('/v1/runs/nonsense/metrics')).status).toBe(400);
      const response = await client.get(`/v1/runs/run-${crypto.randomUUID()}/metrics`);
      expect(response.status).toBe(404);
      expect(await response.json()).toEqual({
        detail: expect.stringMatching(/^RunMetrics not found with id=/),
      });
    });

    describe('with some runs', () => {
      beforeEach((context) => context.skip(...tooFew(given())));

      test('they have ten keys, whether the run has ended or not; or there are none', async () => {
        const { client, heads } = given();
        for (const { id, agent_id } of someRuns(heads.desc.rows)) {
          const response = await client.get(`/v1/runs/${id}/metrics`);
          const body: Record<string, unknown> = await response.json();
          if (response.status === 404) {
            expect(body).toEqual({ detail: expect.stringContaining(id) });
            continue;
          }
          expect(response.status).toBe(200);
          expect(Object.keys(body)).toEqual(KEYS);
          expect(body).toMatchObject({ id, agent_id, base_template_id: null });
          for (const key of ['run_start_ns', 'run_ns', 'num_steps']) {
            expect(isWholeOrNull(body[key]), `${key}: ${String(body[key])}`).toBe(true);
          }
          const { tools_used } = body;
          expect(tools_used).toEqual(tools_used === null ? null : expect.any(Array));
        }
      });
    });
  });
}
