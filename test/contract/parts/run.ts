import { beforeEach, describe, expect, test } from 'vitest';
import type { WireRun } from '../../support/run-fields.ts';
import { type Given, tooFew } from '../observe.ts';
import { someRuns } from '../run-details.ts';

export function describeRun(given: Given): void {
  describe('one run', () => {
    beforeEach((context) => context.skip(...tooFew(given())));

    test('it is the row of the list, but for its total_duration_ns; its metrics are its own, or missing', async () => {
      for (const row of someRuns(given().heads.desc.rows)) {
        const { status, body } = await given().client.ask(`/v1/runs/${row.id}`);
        expect(status).toBe(200);
        const { total_duration_ns: ns, ...run } = body as WireRun;
        expect({ ...run, total_duration_ns: row.total_duration_ns }).toEqual(row);
        expect(ns === null || Number.isInteger(ns)).toBe(true);
        const metrics = await given().client.ask(`/v1/runs/${row.id}/metrics`);
        const { id, agent_id } = row;
        if (metrics.status !== 404)
          expect(metrics.body).toMatchObject({ id, agent_id, base_template_id: null });
      }
    });
  });
}
