import { expect, test } from 'vitest';
import type { NewRun } from '../../../src/embedded-api/model/run.ts';
import { mapFields, RUN_FIELDS, RUN_STATUSES } from '../../support/run-fields.ts';
import { expectedValues } from '../expected-values.ts';
import { runId, runningApi } from '../running-api.ts';

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
  expect(await listedText({ ...BARE, total_duration_ns: 2 ** 62 })).toContain(
    '"total_duration_ns":4611686018427387904}',
  );
});

const MORE = '    For further information visit https://errors.pydantic.dev/2.11/v';
const STATUSES = expectedValues(RUN_STATUSES);

test.each<[patch: Partial<NewRun>, detail: string]>([
  [
    { status: 'paused' },
    `1 validation error for Run\nstatus\n  Input should be ${STATUSES} [type=enum, input_value='paused', input_type=str]\n${MORE}/enum`,
  ],
  [
    { metadata: 'text' },
    `1 validation error for Run\nmetadata_\n  Input should be a valid dictionary [type=dict_type, input_value='text', input_type=str]\n${MORE}/dict_type`,
  ],
  [
    { id: 'run-nothex' },
    `1 validation error for Run\nid\n  String should match pattern '^(job|run)-[a-fA-F0-9]{8}' [type=string_pattern_mismatch, input_value='run-nothex', input_type=str]\n${MORE}/string_pattern_mismatch`,
  ],
])('one bad row with %j turns the whole list into a 400', async (patch, detail) => {
  await using api = await runningApi([
    { ...BARE, id: runId(8) },
    { ...BARE, ...patch },
  ]);
  expect(await api.json('/v1/runs/')).toEqual({ status: 400, body: { detail } });
});

test('all problems of a bad row are listed', async () => {
  await using api = await runningApi([{ ...BARE, status: 'paused', stop_reason: 'bored' }]);
  const { status, body } = await api.json(`/v1/runs/${BARE.id}`);
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toMatch(/2 validation errors for Run.*status.*stop_reason/);
});

test('an unknown message type turns the list into a 400 as well', async () => {
  const request_config = { include_return_message_types: ['user_message', 'telepathy_message'] };
  await using api = await runningApi([{ ...BARE, request_config }]);
  const { status, body } = await api.json('/v1/runs/');
  expect(status).toBe(400);
  expect(JSON.stringify(body)).toContain('request_config.include_return_message_types.1');
});
