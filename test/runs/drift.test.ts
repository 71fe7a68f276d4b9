import { expect, it } from 'vitest';
import { AGENT_FIELDS } from '../../src/runs/agent-fields.ts';
import { decodeMessagePage } from '../../src/upstream/letta/decode/decode-messages.ts';
import { type ReportDrift, reportRunDrift } from '../../src/upstream/letta/decode/drift.ts';
import { ITEMS } from '../../src/upstream/letta/endpoints.ts';
import { RUN_FIELDS } from '../support/run-fields.ts';

function drift(report: (each: ReportDrift) => void): readonly string[] {
  const reported: string[] = [];
  report((kind, value) => reported.push(`${kind} ${value}`));
  return [...new Set(reported)];
}

/** As from JSON, which has no undefined. */
function json(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

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
])('Drift of runs %s', (_name, rows, reported) => {
  expect(drift((report) => reportRunDrift(json(rows) as unknown[], report))).toEqual(reported);
});

const WHOLE = Object.fromEntries(Object.values(AGENT_FIELDS).map(({ wire }) => [wire, null]));

it.each<[name: string, agent: object, reported: readonly string[]]>([
  ['all fields, and others', { ...WHOLE, new: 1 }, []],
  ['a model where older servers have it', { ...WHOLE, model: undefined, llm_config: {} }, []],
  ['no model', { ...WHOLE, model: undefined }, ['missing_field model']],
])('Drift of agents %s', (_name, agent, reported) => {
  expect(drift((report) => ITEMS.agent.reportDrift?.([json(agent)], report))).toEqual(reported);
});

it.each<[name: string, item: object, reported: readonly string[]]>([
  ['nothing new', { message_type: 'user_message', content: 'x', mood: 1 }, []],
  ['a new kind', { message_type: 'dream_message' }, ['message_type dream_message']],
  ['a malformed message', { message_type: 'user_message', name: 5 }, ['malformed_message user_message']],
  ['no kind', {}, ['message_type none']],
  ['a type that is an object', { message_type: { toString: 1 } }, ['message_type none']],
])('Drift of messages: %s', (_name, item, reported) => {
  expect(drift((report) => decodeMessagePage([{ id: 'message-1', ...item }], report))).toEqual(reported);
});
