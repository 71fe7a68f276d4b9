import { expect, it } from 'vitest';
import { decodeMessages } from '../../src/wire/decode-messages.ts';
import { reportMessageDrift } from '../../src/wire/message-drift.ts';

const COMMON = {
  id: 'message-1',
  date: '2026-01-01T00:00:00Z',
  name: null,
  otid: null,
  sender_id: null,
  step_id: null,
  is_err: null,
  seq_id: null,
  run_id: 'run-1',
};
const user = (rest: object = {}) => ({ ...COMMON, message_type: 'user_message', content: 'x', ...rest });

function driftOf(...items: unknown[]): string[] {
  const reported: string[] = [];
  reportMessageDrift(decodeMessages(items, 'run-1'), items, (kind, value) =>
    reported.push(`${kind} ${value}`),
  );
  return reported;
}

it.each<[name: string, items: unknown[], reported: string[]]>([
  ['nothing new', [user(), { ...user(), message_type: 'assistant_message' }], []],
  ['a new kind', [{ ...COMMON, message_type: 'dream_message' }], ['message_type dream_message']],
  ['a malformed message', [user({ name: 5 })], ['malformed_message user_message']],
  ['no message', [{}], ['malformed_message without a message_type']],
  ['a new field, once', [user({ mood: 1 }), user({ mood: 2 })], ['new_field user_message.mood']],
  [
    'a missing field',
    [{ ...user(), otid: undefined, content: undefined }].map(defined),
    ['missing_field user_message.otid', 'missing_field user_message.content'],
  ],
  [
    'a new part',
    [user({ content: [{ type: 'audio' }, 5] })],
    ['message_part audio', 'message_part without a type'],
  ],
  [
    'a new value',
    [{ ...COMMON, message_type: 'reasoning_message', reasoning: '', source: 'oracle', signature: null }],
    ['reasoning_source oracle'],
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
  ['no deprecated fields', [{ ...COMMON, message_type: 'tool_call_message', tool_calls: [] }], []],
])('Drift of messages: %s', (_name, items, reported) => {
  expect(driftOf(...items)).toEqual(reported);
});

/** As from JSON, which has no undefined. */
function defined(value: object): unknown {
  return JSON.parse(JSON.stringify(value));
}
