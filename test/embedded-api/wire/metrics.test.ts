import { expect, test } from 'vitest';
import { definitionOf, FIELD_NAMES } from '../../../src/embedded-api/model/fields.ts';
import { JsonText } from '../../../src/embedded-api/model/json-text.ts';
import { runId, runningApi } from '../running-api.ts';

const RUN = {
  id: runId(1),
  agent_id: 'agent-a',
  created_at: '2025-01-01T00:00:05.000123Z',
  run_ns: 7,
  num_steps: 2,
};

test('metrics have all ten keys, in order, and null for what is not recorded', async () => {
  await using api = await runningApi([RUN]);
  const response = await api.get(`/v1/runs/${RUN.id}/metrics`);
  expect(await response.text()).toBe(
    `{"id":"${RUN.id}","organization_id":"org-00000000-0000-4000-8000-000000000000","agent_id":"agent-a",` +
      '"project_id":null,"run_start_ns":1735689605000123000,"run_ns":7,"num_steps":2,"tools_used":null,' +
      '"template_id":null,"base_template_id":null}',
  );
});

test('every field that is kept only for the metrics is shown by them', async () => {
  await using api = await runningApi([RUN]);
  const { body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  const metricsOnly = FIELD_NAMES.filter((name) => definitionOf(name).metricsOnly);
  expect(Object.keys(body as object)).toEqual(expect.arrayContaining(metricsOnly));
});

test('the metrics of a run under way have no duration', async () => {
  await using api = await runningApi([{ ...RUN, run_ns: null, num_steps: 0 }]);
  const { status, body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect({ status, body }).toMatchObject({ status: 200, body: { run_ns: null, num_steps: 0 } });
});

test("the base template of a run isn't that of its metrics", async () => {
  await using api = await runningApi([{ ...RUN, base_template_id: 'base-1' }]);
  const { body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect(body).toMatchObject({ base_template_id: null });
});

test.each([
  [null, null],
  [new JsonText('null'), null],
  [[], []],
  [
    ['tool-1', 'é\ud800'],
    ['tool-1', 'é'],
  ],
])('tools_used can be %j', async (tools_used, expected) => {
  await using api = await runningApi([{ ...RUN, tools_used }]);
  const { body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect(body).toMatchObject({ tools_used: expected });
});

test.each([
  [
    { a: 1 },
    "tools_used\n  Input should be a valid list [type=list_type, input_value={'a': 1}, input_type=dict]",
  ],
  [[1], 'tools_used.0\n  Input should be a valid string [type=string_type, input_value=1, input_type=int]'],
])('tools_used that is %j is refused, but only in the metrics', async (tools_used, problem) => {
  await using api = await runningApi([{ ...RUN, tools_used }]);
  const { status, body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect(status).toBe(400);
  expect(body).toEqual({
    detail: expect.stringContaining(`1 validation error for RunMetrics\n${problem}\n`),
  });
  expect((await api.get('/v1/runs/')).status).toBe(200);
});

test('a run without a row of metrics is a 404', async () => {
  await using api = await runningApi([{ ...RUN, lacks_metrics: true }]);
  const { status, body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect(status).toBe(404);
  expect(JSON.stringify(body)).toContain(`RunMetrics not found with id='['${RUN.id}']'`);
});
