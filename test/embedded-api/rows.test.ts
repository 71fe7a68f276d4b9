import { describe, expect, test } from 'vitest';
import type { NewRun } from '../../embedded-api/model/rows.ts';
import { mapFields, RUN_FIELDS } from '../support/run-fields.ts';
import { runId, runningApi } from './running-api.ts';

const BARE: NewRun = { id: runId(1), agent_id: 'agent-a', created_at: '2025-01-01T00:00:05Z' };

async function listedText(run: NewRun): Promise<string> {
  await using api = await runningApi([run]);
  return (await api.get('/v1/runs/')).text();
}

async function listed(run: NewRun): Promise<Record<string, unknown>> {
  const list: Record<string, unknown>[] = JSON.parse(await listedText(run));
  return list[0] ?? {};
}

/** What is shown of `BARE`. */
const BARE_SHOWN = { ...mapFields(RUN_FIELDS, () => null), ...BARE, status: 'created' };

test('a bare run has all keys, in order, as nulls', async () => {
  expect(await listedText(BARE)).toBe(JSON.stringify([BARE_SHOWN]));
});

test('a full run comes back as it was stored', async () => {
  const full = {
    ...BARE,
    status: 'failed',
    completed_at: '2025-01-01T00:00:06.25Z',
    conversation_id: 'conv-"1"',
    base_template_id: 'base-1',
    background: false,
    metadata: { note: '田中 🎂 "x"', nested: [1, null, { a: true }] },
    stop_reason: 'error',
    callback_url: 'https://example.com/?a=1&b=2',
    callback_sent_at: '2025-01-01T00:00:07Z',
    callback_status_code: 503,
    callback_error: 'line\nbreak',
    ttft_ns: 123_456_789,
    total_duration_ns: 1_250_000_000,
  };
  expect(await listed(full)).toEqual({
    ...BARE_SHOWN,
    ...full,
    completed_at: '2025-01-01T00:00:06.250000',
    callback_sent_at: '2025-01-01T00:00:07',
  });
});

test.each([
  ['2025-01-01T00:00:05Z', '2025-01-01T00:00:05Z', '2025-01-01T00:00:05'],
  ['2025-01-01T00:00:05.000000Z', '2025-01-01T00:00:05Z', '2025-01-01T00:00:05'],
  ['2025-01-01T00:00:04.1Z', '2025-01-01T00:00:04.100000Z', '2025-01-01T00:00:04.100000'],
  ['2025-01-01T00:00:04.123456789Z', '2025-01-01T00:00:04.123456Z', '2025-01-01T00:00:04.123456'],
  ['2025-01-01T02:00:04.5+02:00', '2025-01-01T00:00:04.500000Z', '2025-01-01T00:00:04.500000'],
  ['2024-12-31T20:30:04-03:30', '2025-01-01T00:00:04Z', '2025-01-01T00:00:04'],
  ['2025-01-01T00:00:04.000001', '2025-01-01T00:00:04.000001Z', '2025-01-01T00:00:04.000001'],
])('%s goes out as %s in created_at and as %s in completed_at', async (stamp, zoned, zoneless) => {
  const run = await listed({ ...BARE, created_at: stamp, completed_at: stamp, callback_sent_at: stamp });
  expect(run).toMatchObject({ created_at: zoned, completed_at: zoneless, callback_sent_at: zoneless });
});

test.each(['yesterday', '2025-13-01T00:00:00Z', '2025-01-01'])(
  '%s is refused as a timestamp',
  async (created_at) => {
    await using api = await runningApi([]);
    expect(() => api.store.insert([{ ...BARE, created_at }])).toThrow(
      `expected an RFC 3339 timestamp, but got: ${created_at}`,
    );
  },
);

const DEFAULTS = {
  use_assistant_message: true,
  assistant_message_tool_name: 'send_message',
  assistant_message_tool_kwarg: 'message',
  include_return_message_types: null,
};

test.each([
  [null, null],
  [{}, DEFAULTS],
  [{ use_assistant_message: false }, { ...DEFAULTS, use_assistant_message: false }],
  [
    { include_return_message_types: ['event_message'], unknown: 1 },
    { ...DEFAULTS, include_return_message_types: ['event_message'] },
  ],
])('request_config %j goes out as %j', async (request_config, expected) => {
  const run = await listed({ ...BARE, request_config });
  expect(JSON.stringify(run.request_config)).toBe(JSON.stringify(expected));
});

test('lists show the measured duration, a single run its own', async () => {
  await using api = await runningApi([
    { ...BARE, total_duration_ns: 5, run_ns: 7 },
    { ...BARE, id: runId(2), total_duration_ns: null, run_ns: 4_000_000_000 },
    { ...BARE, id: runId(3), total_duration_ns: 5 },
  ]);
  const { body } = await api.json('/v1/runs/?order=asc');
  expect(body).toMatchObject([
    { total_duration_ns: 7 },
    { total_duration_ns: 4_000_000_000 },
    { total_duration_ns: 5 },
  ]);
  expect((await api.json(`/v1/runs/${runId(1)}`)).body).toMatchObject({ total_duration_ns: 5 });
  expect((await api.json(`/v1/runs/${runId(2)}`)).body).toMatchObject({ total_duration_ns: null });
});

test('whole numbers beyond 2^53 keep their digits', async () => {
  expect(await listedText({ ...BARE, total_duration_ns: 2n ** 62n + 1n })).toContain(
    '"total_duration_ns":4611686018427387905}',
  );
});

test('a change keeps the rest of a row to the byte', async () => {
  const exact = { ...BARE, metadata: { note: 'a\n🎂', ratio: 1.5 }, ttft_ns: 2n ** 60n + 1n };
  await using api = await runningApi([exact]);
  const before = await (await api.get('/v1/runs/')).text();
  api.store.update(BARE.id, {
    status: 'failed',
    stop_reason: 'error',
    callback_sent_at: '2025-01-01T00:00:07.5Z',
  });
  expect(await (await api.get('/v1/runs/')).text()).toBe(
    before
      .replace('"created"', '"failed"')
      .replace('"stop_reason":null', '"stop_reason":"error"')
      .replace('"callback_sent_at":null', '"callback_sent_at":"2025-01-01T00:00:07.500000"'),
  );
});

describe('the metrics of a run', () => {
  const RUN = { ...BARE, created_at: '2025-01-01T00:00:05.000123Z', run_ns: 7, num_steps: 2 };
  const metricsOf = async (run: NewRun) => {
    await using api = await runningApi([run]);
    const response = await api.get(`/v1/runs/${run.id}/metrics`);
    return { status: response.status, text: await response.text() };
  };

  test('have all ten keys, in order, and null for what is not recorded', async () => {
    expect(await metricsOf({ ...RUN, base_template_id: 'base-1' })).toEqual({
      status: 200,
      text:
        `{"id":"${RUN.id}","organization_id":"org-00000000-0000-4000-8000-000000000000","agent_id":"agent-a",` +
        '"project_id":null,"run_start_ns":1735689605000123000,"run_ns":7,"num_steps":2,"tools_used":null,' +
        '"template_id":null,"base_template_id":null}',
    });
  });

  test('of one under way have no duration, and may have tools', async () => {
    const { text } = await metricsOf({ ...RUN, run_ns: null, num_steps: 0, tools_used: ['tool-1', 'é'] });
    expect(JSON.parse(text)).toMatchObject({ run_ns: null, num_steps: 0, tools_used: ['tool-1', 'é'] });
  });

  test('are a 404 if there are none', async () => {
    const { status, text } = await metricsOf({ ...RUN, lacks_metrics: true });
    expect(status).toBe(404);
    expect(text).toContain(`RunMetrics not found with id='['${RUN.id}']'`);
  });
});
