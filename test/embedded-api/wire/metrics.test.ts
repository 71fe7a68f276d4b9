import { expect, test } from 'vitest';
import { definitionOf, FIELD_NAMES } from '../../../src/embedded-api/model/fields.ts';
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

test('a run without a measured duration has no metrics', async () => {
  await using api = await runningApi([{ ...RUN, run_ns: null }]);
  const { status, body } = await api.json(`/v1/runs/${RUN.id}/metrics`);
  expect(status).toBe(404);
  expect(JSON.stringify(body)).toContain(`RunMetrics not found with id='['${RUN.id}']'`);
});
