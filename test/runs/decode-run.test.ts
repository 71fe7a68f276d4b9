import { describe, expect, it } from 'vitest';
import { DecodeError } from '../../src/wire/decode-error.ts';
import { decodeRun, decodeRuns } from '../../src/wire/decode-run.ts';
import { camelCase, RUN_FIELDS } from '../support/run-fields.ts';

const LEAST = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:05Z' };

describe('A run on the wire', () => {
  it('needs only what identifies and places it; the rest is null, and unknown fields are passed over', () => {
    const nothing = Object.keys(RUN_FIELDS).map((name) => [camelCase(name), null]);
    expect(decodeRun({ ...LEAST, brand_new: { x: 1 } })).toEqual({
      ...Object.fromEntries(nothing),
      id: 'run-1',
      agentId: 'agent-1',
      createdAt: '2025-01-01T00:00:05Z',
      createdInstant: '2025-01-01T00:00:05.000000',
      isDurationMeasured: false,
    });
  });

  it.each([
    ['2025-01-01T00:00:05Z', '2025-01-01T00:00:05Z', '2025-01-01T00:00:05.000000'],
    ['2025-01-01T00:00:06', '2025-01-01T00:00:06Z', '2025-01-01T00:00:06.000000'],
    ['2025-01-01T00:00:05.123000', '2025-01-01T00:00:05.123000Z', '2025-01-01T00:00:05.123000'],
    ['2025-01-01T00:00:05+00:00', '2025-01-01T00:00:05+00:00', '2025-01-01T00:00:05.000000'],
    ['2025-01-01T00:30:05.1234567-03:30', '2025-01-01T00:30:05.1234567-03:30', '2025-01-01T04:00:05.123456'],
    ['2025-01-01T00:30:05.000000+02:00', '2025-01-01T00:30:05+02:00', '2024-12-31T22:30:05.000000'],
    ['2025-01-01 00:00:05', '2025-01-01T00:00:05Z', '2025-01-01T00:00:05.000000'],
    ['2025-01-01t00:00:05.5z', '2025-01-01T00:00:05.5Z', '2025-01-01T00:00:05.500000'],
    ['2025-01-01T00:00:05.000Z', '2025-01-01T00:00:05Z', '2025-01-01T00:00:05.000000'],
    ['2025-01-01T00:00:05.1234567891', '2025-01-01T00:00:05.123456789Z', '2025-01-01T00:00:05.123456'],
  ])('has instants with a zone, and a place in lists: %s is %s', (wire, expected, place) => {
    const run = decodeRun({ ...LEAST, created_at: wire, completed_at: wire, callback_sent_at: wire });
    expect([run.createdAt, run.completedAt, run.callbackSentAt]).toEqual([expected, expected, expected]);
    expect(run.createdInstant).toBe(place);
  });

  it.each(['today', '2025-01-01', '2025-13-01T00:00:05Z', 'xxxxxxxxxxxxxxxxxxx.xxxxxxZ', ''])(
    'was not created at %j',
    (created_at) => {
      expect(() => decodeRun({ ...LEAST, created_at })).toThrow(DecodeError);
    },
  );

  it('carries values that are newer than this program', () => {
    const run = decodeRun({
      ...LEAST,
      status: 'paused',
      stop_reason: 'bored',
      request_config: { include_return_message_types: ['hologram_message'] },
    });
    expect(run).toMatchObject({ status: 'paused', stopReason: 'bored' });
    expect(run.requestConfig?.includeReturnMessageTypes).toEqual(['hologram_message']);
  });

  it.each<[string, unknown, string]>([
    ['no list', { detail: 'x' }, '$: expected a list of runs, but got a value of type object'],
    ['null', null, '$: expected a list of runs, but got null'],
    ['a list of texts', ['run-1'], '$[0]: expected a run, but got a value of type string'],
    [
      'a row without an id',
      [LEAST, { ...LEAST, id: undefined }],
      '$[1].id: expected a text, but got undefined',
    ],
    [
      'a row with an empty id',
      [{ ...LEAST, id: '' }],
      '$[0].id: expected a text, but got a value of type string',
    ],
    [
      'a row without a time',
      [{ ...LEAST, created_at: null }],
      '$[0].created_at: expected a date and time, but got null',
    ],
    [
      'a row of no real time',
      [{ ...LEAST, created_at: 'today' }],
      '$[0].created_at: expected a date and time, but got a value of type string',
    ],
    [
      'a number for a text',
      [{ ...LEAST, status: 3 }],
      '$[0].status: expected a text or null, but got a value of type number',
    ],
    [
      'a list for metadata',
      [{ ...LEAST, metadata: [] }],
      '$[0].metadata: expected an object or null, but got a list',
    ],
    [
      'a fraction of nanoseconds',
      [{ ...LEAST, ttft_ns: 1.5 }],
      '$[0].ttft_ns: expected a whole number below 2^53 or null, but got a value of type number',
    ],
    [
      'a wrong configuration',
      [{ ...LEAST, request_config: { use_assistant_message: 'yes' } }],
      '$[0].request_config.use_assistant_message: expected a boolean or null, but got a value of type string',
    ],
  ])('is refused: %s', (_name, json, message) => {
    expect(() => decodeRuns(json)).toThrow(expect.objectContaining({ message }));
    expect(() => decodeRuns(json)).toThrow(DecodeError);
  });
});
