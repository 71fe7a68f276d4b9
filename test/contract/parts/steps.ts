import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { PART_FIELDS } from '../../../src/runs/detail-fields.ts';
import type { WireStep } from '../../support/run-details.ts';
import type { Given } from '../observe.ts';
import { many, noDetails, OBSERVING_TIMEOUT_MS, type RunDetails } from '../run-details.ts';
import { idsOf, PROFILES } from '../target.ts';

const { fields, ignored } = PART_FIELDS.timing;
/** The keys of the metrics of a step, which the recording doesn't have. */
const METRICS_KEYS = new Set([...Object.values(fields).map(({ wire }) => wire), ...ignored]);

export function describeSteps(given: Given): void {
  const ask = (path: string) => given().client.ask(path);

  describe('the steps of a run', () => {
    let details: readonly RunDetails[] = [];
    beforeAll(async () => {
      details = await given().details();
    }, OBSERVING_TIMEOUT_MS);
    const idsAt = async (runId: string, query: string) =>
      idsOf(await given().client.list<WireStep>(`/v1/runs/${runId}/steps?${query}`));

    describe('with some steps', () => {
      beforeEach((context) => context.skip(...noDetails(details)));

      test('a limit is any number, unless the server has a bound', async () => {
        const [{ run, steps }] = details as [RunDetails];
        const more = await ask(`/v1/runs/${run.id}/steps?limit=${many(given()) + 1}`);
        if (PROFILES[given().target.profile].refusesMore) expect(more.status).toBe(422);
        else expect(more.body).toHaveLength(steps.length);
      });

      test.each(['before', 'after'])('%s is a step of any run; an unknown one is a 404', async (name) => {
        const [{ run }, other] = details as [RunDetails, RunDetails | undefined];
        const detail = 'No Step found with id step-nobody';
        expect(await ask(`/v1/runs/${run.id}/steps?${name}=step-nobody`)).toEqual({
          status: 404,
          body: { detail },
        });
        const elsewhere = await ask(`/v1/runs/${run.id}/steps?${name}=${other?.steps[0]?.id ?? ''}`);
        expect(elsewhere.status).toBe(200);
      });

      test('upwards, a cursor keeps what is before or after it, also among steps of one instant', async () => {
        for (const { run, steps } of details.filter((each) => each.steps.length > 2).slice(0, 8)) {
          const ids = idsOf(steps);
          for (const at of new Set([0, 1, Math.floor(ids.length / 2), ids.length - 1])) {
            const limited = `order=asc&limit=${many(given())}`;
            expect(await idsAt(run.id, `${limited}&after=${ids[at]}`)).toEqual(ids.slice(at + 1));
            expect(await idsAt(run.id, `${limited}&before=${ids[at]}`)).toEqual(ids.slice(0, at));
          }
        }
      });

      test('a step alone is that of the list, and has metrics of 13 keys or none', async () => {
        const statuses = new Set<number>();
        for (const step of details.slice(0, 12).flatMap(({ steps }) => steps.slice(0, 4))) {
          expect(await ask(`/v1/steps/${step.id}`)).toEqual({ status: 200, body: step });
          const { status, body } = await ask(`/v1/steps/${step.id}/metrics`);
          statuses.add(status);
          if (status === 404) continue;
          const metrics = body as Readonly<Record<string, unknown>>;
          expect(new Set(Object.keys(metrics))).toEqual(METRICS_KEYS);
          expect(metrics).toMatchObject({ id: step.id, run_id: step.run_id, llm_request_start_ns: null });
          const values = Object.entries(metrics).filter(([key]) => key.endsWith('_ns'));
          for (const [key, value] of values)
            expect(value === null || Number.isInteger(value), key).toBe(true);
        }
        expect(statuses).toContain(200);
      });
    });
  });
}
