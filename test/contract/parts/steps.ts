import { beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { STEP_KEYS, STEP_METRICS_KEYS, type WireStep } from '../../support/run-details.ts';
import { STEP_STATUSES } from '../../support/run-fields.ts';
import { listedIds } from '../../support/time-list.ts';
import type { Given } from '../observe.ts';
import { PROFILES } from '../profiles.ts';
import { databaseError, known, lacks } from '../releases.ts';
import { type GivenDetails, many, noDetails, OBSERVING_TIMEOUT_MS, type RunDetails } from '../run-details.ts';

const NOBODY = '00000000-0000-4000-8000-000000000000';

/** What is behind a step, with what servers call it that have none. */
const PARTS: Readonly<Record<string, string | undefined>> = {
  '': undefined,
  '/metrics': undefined,
  '/messages': 'messages of steps',
  '/trace': 'traces of steps',
};

const REFUSED = [
  ['limit', 'abc'],
  ['limit', ''],
  ['limit', '1.5'],
  ['order', 'ASC'],
  ['order_by', 'id'],
] as const;

const IGNORED = ['before=&after=', 'nonsense=x', 'order_by=created_at', 'offset=3'];

/** Steps in order of creation with times that say no more than which of them are of one instant. */
async function withTimes({ client }: ReturnType<Given>, { run, steps }: RunDetails) {
  let rank = 0;
  const timed: { id: string; created_at: string }[] = [];
  for (const [at, { id }] of steps.entries()) {
    const previous = steps[at - 1];
    if (previous !== undefined) {
      // Cursors that are crossed are an error, unless their steps are of one instant.
      const response = await client.get(`/v1/runs/${run.id}/steps?before=${previous.id}&after=${id}`);
      expect([200, 400]).toContain(response.status);
      if (response.status === 400) rank += 1;
      await response.arrayBuffer();
    }
    timed.push({ id, created_at: String(rank).padStart(4, '0') });
  }
  return timed;
}

export function describeSteps(given: Given, observeDetails: GivenDetails): void {
  describe('the steps of a run', () => {
    let details: readonly RunDetails[] = [];
    beforeAll(async () => {
      details = await observeDetails();
    }, OBSERVING_TIMEOUT_MS);
    const get = async (path: string) => {
      const response = await given().client.get(path);
      const body: unknown = await response.json();
      return { status: response.status, body };
    };
    const idsAt = async (path: string): Promise<string[]> => {
      const { status, body } = await get(path);
      expect(status, path).toBe(200);
      return (body as WireStep[]).map(({ id }) => id);
    };

    test.for(['steps', 'usage', 'messages'])(
      '%s of a malformed id is a 400, of an unknown one a 404',
      async (part, context) => {
        context.skip(...lacks(given(), part === 'usage' ? 'the usage of a run' : undefined));
        expect(await get(`/v1/runs/nonsense/${part}`)).toEqual({
          status: 400,
          body: { detail: expect.stringContaining('Invalid run ID format: nonsense') },
        });
        expect(await get(`/v1/runs/run-${NOBODY}/${part}`)).toEqual({
          status: 404,
          body: { detail: expect.stringMatching(/^Run not found with id=/) },
        });
      },
    );

    test.each(REFUSED)('%s=%s is a 422, before the id is looked at', async (name, value) => {
      const { status, body } = await get(`/v1/runs/nonsense/steps?${name}=${value}`);
      const detail = expect.stringContaining(`'loc': ('query', '${name}')`);
      expect({ status, body }).toEqual({ status: 422, body: { trace_id: expect.any(String), detail } });
    });

    test.for(Object.keys(PARTS))(
      'a malformed id of a step%s is a 422 with an example',
      async (part, context) => {
        context.skip(...lacks(given(), PARTS[part]));
        const { status, body } = await get(`/v1/steps/nonsense${part}`);
        expect({ status, body }).toEqual({
          status: 422,
          body: {
            trace_id: expect.any(String),
            detail: expect.stringContaining("'loc': ('path', 'step_id')"),
            examples: ['step-123e4567-e89b-42d3-8456-426614174000'],
          },
        });
      },
    );

    test.for([
      ['', 'Step'],
      ['/metrics', 'StepMetrics'],
    ])('a step%s that nobody has is a 404', async ([part = '', model = ''], context) => {
      context.skip(...lacks(given(), PARTS[part]));
      const { status, body } = await get(`/v1/steps/step-${NOBODY}${part}`);
      expect({ status, body }).toEqual({
        status: 404,
        body: {
          detail: expect.stringMatching(new RegExp(`^${model} not found with id='\\['step-${NOBODY}'\\]'`)),
        },
      });
    });

    describe('with some steps', () => {
      beforeEach((context) => context.skip(...noDetails(details)));

      test('each has its keys in order, and belongs to its run', () => {
        for (const { run, steps } of details) {
          for (const step of steps) {
            expect(Object.keys(step)).toEqual(known(given(), 'step.', STEP_KEYS));
            expect(step).toMatchObject({ run_id: run.id, messages: [] });
            expect([run.agent_id, null]).toContain(step.agent_id);
            expect([...STEP_STATUSES, null]).toContain(step.status);
            expect(Array.isArray(step.tags)).toBe(true);
          }
        }
      });

      test('the newest come first, unless asked otherwise', async () => {
        for (const { run, steps } of details.slice(0, 8)) {
          const ids = steps.map(({ id }) => id);
          expect(await idsAt(`/v1/runs/${run.id}/steps?limit=${many(given())}`)).toEqual(ids.toReversed());
          expect(await idsAt(`/v1/runs/${run.id}/steps?order=asc&limit=2`)).toEqual(ids.slice(0, 2));
        }
      });

      test.each(IGNORED)('%s changes nothing', async (query) => {
        const [{ run, steps }] = details as [RunDetails];
        const ids = steps.map(({ id }) => id).toReversed();
        expect(await idsAt(`/v1/runs/${run.id}/steps?${query}`)).toEqual(ids.slice(0, 100));
      });

      test('a limit is any number from 0, unless the server has a bound', async () => {
        const [{ run, steps }] = details as [RunDetails];
        expect(await idsAt(`/v1/runs/${run.id}/steps?limit=0`)).toEqual([]);
        const more = `/v1/runs/${run.id}/steps?limit=${many(given()) + 1}`;
        if (PROFILES[given().target.profile].refusesMore)
          expect(await get(more)).toMatchObject({ status: 422 });
        else expect(await idsAt(more)).toHaveLength(steps.length);
        expect(await get(`/v1/runs/${run.id}/steps?limit=-1`)).toEqual({
          status: 500,
          body: { detail: databaseError(given()) },
        });
      });

      test('an unknown cursor is a 404, and one of another run a place', async () => {
        const [{ run }, other] = details as [RunDetails, RunDetails | undefined];
        for (const name of ['before', 'after']) {
          expect(await get(`/v1/runs/${run.id}/steps?${name}=step-nobody`)).toEqual({
            status: 404,
            body: { detail: 'No Step found with id step-nobody' },
          });
          const elsewhere = other?.steps[0]?.id ?? '';
          expect((await get(`/v1/runs/${run.id}/steps?${name}=${elsewhere}`)).status).toBe(200);
        }
      });

      test('walking up by the last step reads all of them', async () => {
        for (const { run, steps } of details.slice(0, 6)) {
          const walked: string[] = [];
          for (let page = ['']; page.length > 0;) {
            page = await idsAt(`/v1/runs/${run.id}/steps?order=asc&limit=7&after=${walked.at(-1) ?? ''}`);
            walked.push(...page);
            expect(walked.length).toBeLessThanOrEqual(steps.length);
          }
          expect(walked).toEqual(steps.map(({ id }) => id));
        }
      });

      test(
        'cursors select what the model expects, faults included',
        async (context) => {
          context.skip(...lacks(given(), 'two cursors of steps at once'));
          const short = details.filter(({ steps }) => steps.length >= 3 && steps.length <= 12).slice(0, 4);
          context.skip(short.length === 0, 'no run that was asked has 3 to 12 steps');
          for (const one of short) {
            const timed = await withTimes(given(), one);
            const places = [undefined, ...timed.map(({ id }) => id)].filter(
              (_, at) => at % 2 === 0 || at < 4,
            );
            for (const [at, before] of places.entries()) {
              for (const after of places) {
                const order = at % 2 === 0 ? 'asc' : 'desc';
                const limit = at % 3 === 0 ? undefined : at;
                const query = Object.entries({ before, after, order, limit }).flatMap(([name, value]) =>
                  value === undefined ? [] : [`${name}=${value}`],
                );
                const { status, body } = await get(`/v1/runs/${one.run.id}/steps?${query.join('&')}`);
                const expected = listedIds(timed, timed, { before, after, order, limit }, 'desc');
                expect(status, query.join('&')).toBe(expected === undefined ? 400 : 200);
                if (expected !== undefined)
                  expect(
                    (body as WireStep[]).map(({ id }) => id),
                    query.join('&'),
                  ).toEqual(expected);
              }
            }
          }
        },
        OBSERVING_TIMEOUT_MS,
      );

      test('the usage is the sum of the newest 50', async (context) => {
        context.skip(...lacks(given(), 'the usage of a run'));
        const longest = details.toSorted((a, b) => b.steps.length - a.steps.length);
        for (const { run, steps } of longest.slice(0, 6)) {
          const response = await given().client.get(`/v1/runs/${run.id}/usage`);
          const sum = (key: 'completion_tokens' | 'prompt_tokens' | 'total_tokens') =>
            steps.slice(-50).reduce((total, step) => total + step[key], 0);
          expect(await response.text()).toBe(
            `{"completion_tokens":${sum('completion_tokens')},"prompt_tokens":${sum('prompt_tokens')},` +
              `"total_tokens":${sum('total_tokens')},"prompt_tokens_details":null,"completion_tokens_details":null}`,
          );
        }
      });

      test('a step alone is that of the list', async () => {
        for (const { steps } of details.slice(0, 6)) {
          for (const step of steps.slice(0, 3)) {
            expect(await get(`/v1/steps/${step.id}`)).toEqual({ status: 200, body: step });
          }
        }
      });

      test('the metrics of a step have 13 keys, and whole numbers or nulls; or there are none', async () => {
        const statuses = new Set<number>();
        for (const { run, steps } of details.slice(0, 12)) {
          for (const step of steps.slice(0, 4)) {
            const { status, body } = await get(`/v1/steps/${step.id}/metrics`);
            statuses.add(status);
            if (status === 404) continue;
            expect(status).toBe(200);
            const metrics = body as Readonly<Record<(typeof STEP_METRICS_KEYS)[number], unknown>>;
            expect(Object.keys(metrics)).toEqual(STEP_METRICS_KEYS);
            expect(metrics).toMatchObject({ id: step.id, run_id: run.id, llm_request_start_ns: null });
            for (const key of STEP_METRICS_KEYS.filter((name) => name.endsWith('_ns'))) {
              const value = metrics[key];
              expect(value === null || Number.isInteger(value), `${key}: ${String(value)}`).toBe(true);
            }
          }
        }
        expect(statuses).toContain(200);
      });
    });
  });
}
