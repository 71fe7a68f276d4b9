import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../src/embedded-api/model/actors.ts';
import type { NewStep } from '../../../src/embedded-api/model/step.ts';
import { propertyRuns } from '../../support/property-runs.ts';
import { listedIds } from '../../support/time-list.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';
import { numberedId, randomSteps } from './random-steps.ts';

const RUN = runId(1);
const STEP: NewStep = { id: numberedId('step', 1), run_id: RUN, created_at: '2025-01-01T00:00:00Z' };
/** A step of another run, later than some and earlier than others. */
const ELSEWHERE: NewStep = {
  ...STEP,
  id: numberedId('step', 99),
  run_id: runId(2),
  created_at: '2025-01-01T00:00:00.500000Z',
};

test('a list has the steps that the model expects, faults included', async () => {
  await using api = await runningApi(FIVE_RUNS);
  let checked = 0;
  await fc.assert(
    fc.asyncProperty(
      randomSteps(RUN, 14),
      fc.array(requests(), { minLength: 8, maxLength: 8 }),
      async (made, asked) => {
        // Each case has a run of its own in the same store.
        checked += 1;
        const run = numberedId('run', 1000 + checked);
        const own = made.map((step, at) => ({
          ...step,
          run_id: run,
          id: numberedId('step', checked * 100 + at),
        }));
        const other = { ...ELSEWHERE, id: numberedId('step', checked * 100 + 99) };
        api.store.insert([{ id: run, agent_id: 'agent-a', created_at: '2025-01-01T00:00:00Z' }]);
        api.store.steps.insert([...own, other]);
        for (const { before, after, ...rest } of asked) {
          const cursor = (at: number | undefined) =>
            at === undefined ? undefined : [...own, other][at % (own.length + 1)]?.id;
          const request = { ...rest, before: cursor(before), after: cursor(after) };
          const { status, body } = await api.json(`/v1/runs/${run}/steps?${toQuery(request)}`);
          const expected = listedIds(own, [...own, other], request, 'desc');
          if (expected === undefined) {
            expect({ status, body }).toEqual({
              status: 400,
              body: { detail: "'before' reference must be later than 'after' reference" },
            });
          } else {
            expect(
              (body as NewStep[]).map(({ id }) => id),
              JSON.stringify(request),
            ).toEqual(expected);
          }
        }
      },
    ),
    { numRuns: propertyRuns(60) },
  );
});

function requests() {
  return fc.record(
    {
      before: fc.nat(20),
      after: fc.nat(20),
      limit: fc.nat(7),
      order: fc.constantFrom('asc', 'desc'),
    },
    { requiredKeys: [] },
  );
}

function toQuery(request: object): string {
  const pairs = Object.entries(request).filter(([, value]) => value !== undefined);
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
}

test('between two cursors twice as many steps are read, which PostgreSQL refuses beyond 64 bits', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([STEP]);
  const { id } = STEP;
  for (const [query, status] of [
    [`before=${id}&after=${id}&limit=2305843009213693952`, 200],
    [`before=${id}&after=${id}&limit=4611686018427387904`, 500],
    [`before=${id}&limit=9223372036854775807`, 200],
    [`before=${id}&after=&limit=9223372036854775807`, 200],
    [`before=${id}&limit=9223372036854775808`, 500],
  ] as const) {
    expect((await api.get(`/v1/runs/${RUN}/steps?${query}`)).status, query).toBe(status);
  }
});

test('a step may have no status, as of older versions', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([{ ...STEP, status: null }]);
  expect(await api.json(`/v1/steps/${STEP.id}`)).toMatchObject({ status: 200, body: { status: null } });
});

test('the usage of a run is that of its newest 50 steps', async () => {
  await using api = await runningApi(FIVE_RUNS);
  await fc.assert(
    fc.asyncProperty(randomSteps(RUN, 120), fc.nat(), async (made, seed) => {
      const run = numberedId('run', 1000 + (seed % 9_000_000));
      fc.pre(api.store.retrieve(run, DEFAULT_ACTOR.organizationId) === undefined);
      api.store.insert([{ id: run, agent_id: 'agent-a', created_at: '2025-01-01T00:00:00Z' }]);
      const steps = made.map((step) => ({ ...step, run_id: run, id: `step-${crypto.randomUUID()}` }));
      api.store.steps.insert(steps);
      const newest = listedIds(steps, steps, { limit: 50 }, 'desc') ?? [];
      const summed = steps.filter(({ id }) => newest.includes(id));
      const sum = (key: 'completion_tokens' | 'prompt_tokens' | 'total_tokens') =>
        summed.reduce((total, step) => total + Number(step[key]), 0);
      const response = await api.get(`/v1/runs/${run}/usage`);
      expect(await response.text()).toBe(
        `{"completion_tokens":${sum('completion_tokens')},"prompt_tokens":${sum('prompt_tokens')},` +
          `"total_tokens":${sum('total_tokens')},"prompt_tokens_details":null,"completion_tokens_details":null}`,
      );
    }),
    { numRuns: propertyRuns(40) },
  );
});

test('a step has its keys in order, alone and in a list, and never its time', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([
    { ...STEP, agent_id: 'agent-a', tags: ['é'], error_data: { message: 'boom' }, status: 'failed' },
  ]);
  const text =
    `{"id":"${STEP.id}","origin":null,"organization_id":"${DEFAULT_ACTOR.organizationId}","provider_id":null,` +
    `"run_id":"${RUN}","agent_id":"agent-a","provider_name":null,"provider_category":null,"model":null,` +
    '"model_handle":null,"model_endpoint":null,"context_window_limit":null,"completion_tokens":0,"prompt_tokens":0,' +
    '"total_tokens":0,"cached_input_tokens":null,"cache_write_tokens":null,"reasoning_tokens":null,' +
    '"completion_tokens_details":null,"prompt_tokens_details":null,"stop_reason":null,"tags":["é"],"tid":null,' +
    '"trace_id":null,"request_id":null,"messages":[],"feedback":null,"project_id":null,"error_type":null,' +
    '"error_data":{"message":"boom"},"status":"failed"}';
  expect(await (await api.get(`/v1/steps/${STEP.id}`)).text()).toBe(text);
  expect(await (await api.get(`/v1/runs/${RUN}/steps`)).text()).toBe(`[${text}]`);
});

test('the metrics of a step are exact beyond 2^53', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insertMetrics([{ id: STEP.id, step_start_ns: 1_767_225_600_000_000_001n, step_ns: 5 }]);
  const response = await api.get(`/v1/steps/${STEP.id}/metrics`);
  expect(await response.text()).toBe(
    `{"id":"${STEP.id}","organization_id":"${DEFAULT_ACTOR.organizationId}","provider_id":null,"run_id":null,` +
      '"agent_id":null,"step_start_ns":1767225600000000001,"llm_request_start_ns":null,"llm_request_ns":null,' +
      '"tool_execution_ns":null,"step_ns":5,"base_template_id":null,"template_id":null,"project_id":null}',
  );
});

test.each([
  [
    { tags: null },
    'tags',
    'Input should be a valid list [type=list_type, input_value=None, input_type=NoneType]',
  ],
  [
    { feedback: 'x' },
    'feedback',
    "Input should be 'positive' or 'negative' [type=literal_error, input_value='x', input_type=str]",
  ],
  [
    { error_data: [] },
    'error_data',
    'Input should be a valid dictionary [type=dict_type, input_value=[], input_type=list]',
  ],
])('a step with %j makes its list, the usage and itself a 400', async (bad, key, problem) => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([STEP, { ...STEP, ...bad, id: numberedId('step', 2) }]);
  for (const path of [
    `/v1/runs/${RUN}/steps`,
    `/v1/runs/${RUN}/usage`,
    `/v1/steps/${numberedId('step', 2)}`,
  ]) {
    const { status, body } = await api.json(path);
    expect({ status, body }).toEqual({
      status: 400,
      body: { detail: expect.stringContaining(`1 validation error for Step\n${key}\n  ${problem}\n`) },
    });
  }
  expect((await api.get(`/v1/runs/${RUN}/steps?limit=1&order=asc`)).status).toBe(200);
});

test('steps of another organization are in no list, and not found', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([{ ...STEP, organization_id: SECOND_ACTOR.organizationId }]);
  expect(await api.json(`/v1/runs/${RUN}/steps`)).toEqual({ status: 200, body: [] });
  const { status, body } = await api.json(`/v1/steps/${STEP.id}`);
  expect({ status, body }).toEqual({
    status: 404,
    body: { detail: expect.stringMatching(/^Step not found with id='\['step-/) },
  });
});

test.each([
  ['limit=-1', 500, 'A database error occurred.'],
  ['limit=99999999999999999999', 500, 'A database error occurred.'],
  ['after=a%00b', 500, 'A database error occurred.'],
  ['before=x&after=y', 404, 'No Step found with id x'],
  ['after=y', 404, 'No Step found with id y'],
])('%s is a %i', async (query, status, detail) => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await api.json(`/v1/runs/${RUN}/steps?${query}`)).toEqual({ status, body: { detail } });
});

test('a malformed id in the path of a step is reported with the query, and with an example', async () => {
  await using api = await runningApi([]);
  const response = await api.get('/v1/steps/nonsense');
  expect(response.status).toBe(422);
  expect(await response.text()).toBe(
    "{\"trace_id\":\"\",\"detail\":\"[{'type': 'string_pattern_mismatch', 'loc': ('path', 'step_id'), " +
      "'msg': \\\"String should match pattern 'step-{uuid4}'\\\", 'input': 'nonsense', 'ctx': {'pattern': " +
      "'^step-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'}}]\"," +
      '"examples":["step-123e4567-e89b-42d3-8456-426614174000"]}',
  );
});
