import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { DEFAULT_ACTOR, SECOND_ACTOR } from '../../../embedded-api/model/actors.ts';
import type { NewStep } from '../../../embedded-api/model/rows.ts';
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
        for (const { name, at, ...rest } of asked) {
          const cursor = [...own, other][at % (own.length + 1)]?.id;
          const request = { ...rest, ...(name !== undefined && { [name]: cursor }) };
          const { status, body } = await api.json(`/v1/runs/${run}/steps?${toQuery(request)}`);
          expect(status).toBe(200);
          expect(
            (body as NewStep[]).map(({ id }) => id),
            JSON.stringify(request),
          ).toEqual(listedIds(own, [...own, other], request, 'desc'));
        }
      },
    ),
    { numRuns: propertyRuns(60) },
  );
});

function requests() {
  return fc.record(
    {
      name: fc.constantFrom('before', 'after', undefined),
      at: fc.nat(20),
      limit: fc.nat(7),
      order: fc.constantFrom('asc', 'desc'),
    },
    { requiredKeys: ['name', 'at'] },
  );
}

function toQuery(request: object): string {
  const pairs = Object.entries(request).filter(([, value]) => value !== undefined);
  return new URLSearchParams(pairs.map(([name, value]) => [name, String(value)])).toString();
}

test('a step may have no status, as of older versions', async () => {
  await using api = await runningApi(FIVE_RUNS);
  api.store.steps.insert([{ ...STEP, status: null }]);
  expect(await api.json(`/v1/steps/${STEP.id}`)).toMatchObject({ status: 200, body: { status: null } });
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
  ['after=a%00b', 500, 'A database error occurred.'],
  ['before=x&after=y', 404, 'No Step found with id x'],
  ['after=y', 404, 'No Step found with id y'],
])('%s is a %i', async (query, status, detail) => {
  await using api = await runningApi(FIVE_RUNS);
  expect(await api.json(`/v1/runs/${RUN}/steps?${query}`)).toEqual({ status, body: { detail } });
});

test('a malformed id of a step is a 422 with an example', async () => {
  await using api = await runningApi([]);
  expect(await api.json('/v1/steps/nonsense')).toMatchObject({
    status: 422,
    body: { examples: ['step-123e4567-e89b-42d3-8456-426614174000'] },
  });
});

test('the metrics of a step have the keys of Letta, in order; a step that was not measured has none', async () => {
  await using api = await runningApi(FIVE_RUNS);
  const measured = { step_start_ns: 1_767_225_600_000_000_001n, llm_request_ns: 100, step_ns: 2 ** 40 };
  const unmeasured = { ...STEP, id: numberedId('step', 2) };
  api.store.steps.insert([{ ...STEP, agent_id: 'agent-a', ...measured }, unmeasured]);
  const response = await fetch(`${api.baseUrl}/v1/steps/${STEP.id}/metrics`);
  expect(await response.text()).toBe(
    `{"id":"${STEP.id}","organization_id":"${DEFAULT_ACTOR.organizationId}","provider_id":null,"run_id":"${RUN}",` +
      '"agent_id":"agent-a","step_start_ns":1767225600000000001,"llm_request_start_ns":null,"llm_request_ns":100,' +
      '"tool_execution_ns":null,"step_ns":1099511627776,"base_template_id":null,"template_id":null,"project_id":null}',
  );
  expect(await api.json(`/v1/steps/${unmeasured.id}/metrics`)).toMatchObject({
    status: 404,
    body: { detail: expect.stringContaining(`StepMetrics not found with id='['${unmeasured.id}']'`) },
  });
  expect(await api.json('/v1/steps/step-1/metrics')).toMatchObject({ status: 422 });
});
