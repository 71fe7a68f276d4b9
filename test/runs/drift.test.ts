import { describe, expect, it } from 'vitest';
import { readRunList } from '../../src/engine/index.ts';
import { parseJson } from '../../src/json/parse-json.ts';
import { AGENT_FIELD_LIST } from '../../src/runs/agent-fields.ts';
import { decodeSteps } from '../../src/wire/decode-details.ts';
import { decodeMessages } from '../../src/wire/decode-messages.ts';
import { type ReportDrift, reportAgentDrift, reportStepDrift } from '../../src/wire/drift.ts';
import { reportMessageDrift } from '../../src/wire/message-drift.ts';
import { decodeRunList } from '../../src/wire/run-list.ts';
import { RUN_FIELDS } from '../support/run-fields.ts';

function drift(report: (each: ReportDrift) => void): readonly string[] {
  const reported: string[] = [];
  report((kind, value) => reported.push(`${kind} ${value}`));
  return reported;
}

/** As from JSON, which has no undefined. */
function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

describe('Drift of runs', () => {
  const NULLS = Object.fromEntries(Object.keys(RUN_FIELDS).map((name) => [name, null]));
  const RUN = {
    ...NULLS,
    id: 'run-1',
    agent_id: 'agent-1',
    created_at: '2025-01-01T00:00:00Z',
    status: 'failed',
  };

  it.each<[name: string, rows: readonly object[], reported: readonly string[]]>([
    ['nothing new', [RUN, { ...RUN, id: 'run-2' }], []],
    [
      'new values, each once',
      [
        { ...RUN, status: 'paused', stop_reason: 'bored' },
        { ...RUN, status: 'paused', request_config: { include_return_message_types: ['dream'] } },
      ],
      ['status paused', 'stop_reason bored', 'message_type dream'],
    ],
    [
      'new and missing fields of the first',
      [
        { ...RUN, mood: 1, ttft_ns: undefined },
        { ...RUN, later: 1 },
      ],
      ['new_field mood', 'missing_field ttft_ns'],
    ],
  ])('%s', (_name, rows, reported) => {
    for (const read of [readRunList, decodeRunList]) {
      const list = read(Buffer.from(JSON.stringify(rows)));
      expect(drift((report) => list.reportDrift(report))).toEqual(reported);
    }
  });
});

describe('Drift of agents', () => {
  const WHOLE = Object.fromEntries(AGENT_FIELD_LIST.map(({ wire }) => [wire, null]));

  it.each<[name: string, agent: object, reported: readonly string[]]>([
    ['all fields, and others', { ...WHOLE, new: 1 }, []],
    ['a model where older servers have it', { ...WHOLE, model: undefined, llm_config: {} }, []],
    ['no model', { ...WHOLE, model: undefined }, ['missing_field agent.model']],
  ])('%s', (_name, agent, reported) => {
    expect(drift((report) => reportAgentDrift(json(agent), report))).toEqual(reported);
  });
});

it('Drift of steps: one without an id that can be used', () => {
  const list = parseJson('[{"id":"step-1"},{}]');
  expect(drift((report) => reportStepDrift(decodeSteps(list, 'run-1'), list, report))).toContain(
    'malformed_step without an id',
  );
});

describe('Drift of messages', () => {
  const NULLS = Object.fromEntries(
    ['name', 'otid', 'sender_id', 'step_id', 'is_err', 'seq_id', 'run_id'].map((name) => [name, null]),
  );
  const COMMON = { ...NULLS, id: 'message-1', date: '2026-01-01T00:00:00Z' };
  const USER = { ...COMMON, message_type: 'user_message', content: 'x' };

  it.each<[name: string, items: readonly object[], reported: readonly string[]]>([
    ['nothing new', [USER, { ...USER, message_type: 'assistant_message' }], []],
    ['a new kind', [{ ...COMMON, message_type: 'dream_message' }], ['message_type dream_message']],
    ['a malformed message', [{ ...USER, name: 5 }], ['malformed_message user_message']],
    ['no message', [{}], ['malformed_message without a message_type']],
    [
      'a new field, once',
      [
        { ...USER, mood: 1 },
        { ...USER, mood: 2 },
      ],
      ['new_field user_message.mood'],
    ],
    [
      'missing fields',
      [{ ...USER, otid: undefined, content: undefined }],
      ['missing_field user_message.otid', 'missing_field user_message.content'],
    ],
    [
      'new parts',
      [{ ...USER, content: [{ type: 'audio' }, 5] }],
      ['message_part audio', 'message_part without a type'],
    ],
    [
      'a new value and a new part of what a tool returned',
      [
        {
          ...COMMON,
          message_type: 'tool_return_message',
          tool_returns: [{ tool_call_id: 'a', status: 'late', tool_return: [{ type: 'video' }] }],
        },
      ],
      ['tool_return_status late', 'message_part video'],
    ],
  ])('%s', (_name, items, reported) => {
    const list = json(items) as unknown[];
    expect(drift((report) => reportMessageDrift(decodeMessages(list, 'run-1'), list, report))).toEqual(
      reported,
    );
  });
});
