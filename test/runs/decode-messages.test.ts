import { describe, expect, it } from 'vitest';
import { MESSAGE_KINDS, MESSAGE_FIELDS, type MessageField } from '../../src/runs/message-kinds.ts';
import { DecodeError } from '../../src/wire/decode-error.ts';
import { decodeMessages } from '../../src/wire/decode-messages.ts';

const RUN_ID = 'run-1';
const ID = 'message-731dc314-71b3-4a4c-ac7c-c942253c5b8e';
const COMMON = {
  id: ID,
  date: '2026-01-01T00:52:33+00:00',
  name: null,
  message_type: '',
  otid: '731dc314-71b3-4a4c-ac7c-c942253c5b00',
  sender_id: 'identity-1',
  step_id: 'step-1',
  is_err: null,
  seq_id: null,
  run_id: RUN_ID,
};
const DECODED = {
  id: `${ID}:0`,
  messageId: ID,
  date: '2026-01-01T00:52:33+00:00',
  name: null,
  otid: '731dc314-71b3-4a4c-ac7c-c942253c5b00',
  senderId: 'identity-1',
  stepId: 'step-1',
  isError: null,
  runId: RUN_ID,
};

function decodeOne(item: unknown): unknown {
  return decodeMessages([item], RUN_ID)[0];
}

const textPart = (text: string, signature: string | null = null) => ({
  type: 'RunTextPart',
  text,
  signature,
});
const CALLS = {
  toolCalls: [
    { id: 'call_1', name: 'search', arguments: '{"q":"a"}' },
    { id: 'call_1b', name: 'search', arguments: '{"q":"b"}' },
  ],
};
const RETURNS = {
  toolReturns: [
    { toolCallId: 'call_1', status: 'error', parts: [textPart('nope')], stdout: null, stderr: ['bad'] },
    { toolCallId: 'call_1b', status: 'success', parts: [textPart('b!')], stdout: null, stderr: null },
  ],
};

/** Messages as Letta 0.16.7 sent them, and what they are. */
const EXAMPLES: [wire: string, decoded: object][] = [
  [
    '{"message_type":"user_message","content":"packed 51"}',
    { type: 'RunUserMessage', parts: [textPart('packed 51')] },
  ],
  [
    '{"message_type":"user_message","content":[{"type":"text","text":"part one","signature":null},{"type":"image","source":{"type":"letta","file_id":"file-1","media_type":"image/png","data":"iVBORw0KGgo=","detail":null}}]}',
    {
      type: 'RunUserMessage',
      parts: [
        textPart('part one'),
        {
          type: 'RunImagePart',
          sourceType: 'letta',
          fileId: 'file-1',
          url: null,
          mediaType: 'image/png',
          data: 'iVBORw0KGgo=',
          detail: null,
        },
      ],
    },
  ],
  [
    '{"message_type":"assistant_message","is_err":true,"content":"Done"}',
    { type: 'RunAssistantMessage', isError: true, parts: [textPart('Done')] },
  ],
  [
    '{"message_type":"reasoning_message","source":"reasoner_model","reasoning":"think…","signature":"sig"}',
    { type: 'RunReasoningMessage', source: 'reasoner_model', reasoning: 'think…', signature: 'sig' },
  ],
  [
    '{"message_type":"hidden_reasoning_message","state":"redacted","hidden_reasoning":"xxxx"}',
    { type: 'RunHiddenReasoningMessage', state: 'redacted', hiddenReasoning: 'xxxx' },
  ],
  [
    String.raw`{"message_type":"tool_call_message","tool_call":{"name":"search","arguments":"{\"q\":\"a\"}","tool_call_id":"call_1"},"tool_calls":[{"name":"search","arguments":"{\"q\":\"a\"}","tool_call_id":"call_1"},{"name":"search","arguments":"{\"q\":\"b\"}","tool_call_id":"call_1b"}]}`,
    { type: 'RunToolCallMessage', ...CALLS },
  ],
  [
    '{"message_type":"tool_return_message","name":"search","tool_return":"nope","status":"error","tool_call_id":"call_1","stdout":null,"stderr":["bad"],"tool_returns":[{"type":"tool","tool_return":"nope","status":"error","tool_call_id":"call_1","stdout":null,"stderr":["bad"]},{"type":"tool","tool_return":"b!","status":"success","tool_call_id":"call_1b","stdout":null,"stderr":null}]}',
    { type: 'RunToolReturnMessage', name: 'search', ...RETURNS },
  ],
  [
    String.raw`{"message_type":"approval_request_message","otid":null,"tool_call":{"name":"delete_all","arguments":"{\"sure\":true}","tool_call_id":"call_2"},"tool_calls":[{"name":"delete_all","arguments":"{\"sure\":true}","tool_call_id":"call_2"}]}`,
    {
      type: 'RunApprovalRequestMessage',
      otid: null,
      toolCalls: [{ id: 'call_2', name: 'delete_all', arguments: '{"sure":true}' }],
    },
  ],
  [
    '{"message_type":"approval_response_message","otid":null,"step_id":null,"approvals":[{"type":"approval","tool_call_id":"call_2","approve":true,"reason":null}],"approve":true,"approval_request_id":"call_2","reason":null}',
    {
      type: 'RunApprovalResponseMessage',
      otid: null,
      stepId: null,
      approvals: [{ toolCallId: 'call_2', approve: true, reason: null }],
      toolReturns: [],
    },
  ],
  [
    '{"message_type":"system_message","content":"You are a test. …"}',
    { type: 'RunSystemMessage', parts: [textPart('You are a test. …')] },
  ],
  // The two kinds that its schema has, and that it never sent.
  [
    '{"message_type":"summary_message","summary":"Earlier: …","compaction_stats":{"trigger":"x"}}',
    { type: 'RunSummaryMessage', summary: 'Earlier: …', compactionStats: { trigger: 'x' } },
  ],
  [
    '{"message_type":"event_message","event_type":"compaction","event_data":{"n":1}}',
    { type: 'RunEventMessage', eventType: 'compaction', eventData: { n: 1 } },
  ],
];

describe('Messages of Letta 0.16.7', () => {
  it.each(EXAMPLES)('%s', (text, decoded) => {
    const wire: { message_type: string } = JSON.parse(text);
    expect(decodeOne({ ...COMMON, ...wire })).toEqual({
      ...DECODED,
      messageType: wire.message_type,
      ...decoded,
    });
  });

  it('are of every kind that is known', () => {
    const kinds = EXAMPLES.map(([text]) => (JSON.parse(text) as { message_type: string }).message_type);
    expect(new Set(kinds)).toEqual(new Set(Object.keys(MESSAGE_KINDS)));
  });
});

describe('What deprecated fields tell', () => {
  const call = (id: string) => ({ name: 'f', arguments: '{}', tool_call_id: id });

  it.each([
    ['only the deprecated field', { tool_call: call('a') }, ['a']],
    ['null beside it', { tool_call: call('a'), tool_calls: null }, ['a']],
    ['an empty list beside it', { tool_call: call('a'), tool_calls: [] }, ['a']],
    ['one call in place of a list', { tool_calls: call('a') }, ['a']],
    ['the same call twice', { tool_call: call('a'), tool_calls: [call('a'), call('b')] }, ['a', 'b']],
    ['a call that the list lacks', { tool_call: call('c'), tool_calls: [call('a')] }, ['a', 'c']],
    ['neither', {}, []],
  ])('is added unless it is there already: %s', (_name, wire, ids) => {
    const decoded = decodeOne({ ...COMMON, message_type: 'tool_call_message', ...wire });
    expect(decoded).toMatchObject({ type: 'RunToolCallMessage', toolCalls: ids.map((id) => ({ id })) });
  });

  it('is also the only thing that older approvals and returns have', () => {
    const approval = { approve: false, approval_request_id: 'call_1', reason: 'No.' };
    expect(decodeOne({ ...COMMON, message_type: 'approval_response_message', ...approval })).toMatchObject({
      approvals: [{ toolCallId: 'call_1', approve: false, reason: 'No.' }],
      toolReturns: [],
    });
    const returned = { tool_return: 'ok', status: 'success', tool_call_id: 'call_1', stdout: ['x'] };
    expect(decodeOne({ ...COMMON, message_type: 'tool_return_message', ...returned })).toMatchObject({
      toolReturns: [
        { toolCallId: 'call_1', status: 'success', parts: [textPart('ok')], stdout: ['x'], stderr: null },
      ],
    });
  });
});

describe('A message that is not as expected', () => {
  it.each(
    Object.entries(MESSAGE_KINDS).flatMap(([kind, { fields }]) =>
      Object.entries<MessageField>({ ...MESSAGE_FIELDS, ...fields })
        .filter(([, field]) => field.wire !== 'message_type' && field.kind !== 'parts')
        .map(([name, field]) => [`${kind}.${name}`, kind, field.wire] as const),
    ),
  )('is not recognized, and costs no other one: %s', (_name, kind, key) => {
    const good = { ...COMMON, message_type: kind };
    const bad = { ...good, [key]: [[5]] };
    const all = decodeMessages([good, bad, good], RUN_ID);
    expect(all.map(({ type }) => type)).toEqual([
      MESSAGE_KINDS[kind as keyof typeof MESSAGE_KINDS].type,
      'RunUnrecognizedMessage',
      MESSAGE_KINDS[kind as keyof typeof MESSAGE_KINDS].type,
    ]);
    expect(all[1]).toMatchObject({ messageType: kind, raw: bad });
    expect(new Set(all.map(({ id }) => id)).size).toBe(3);
  });

  it.each([{}, { id: 5 }, { id: '' }, { id: 'not an id' }, { id: 'message-' }])(
    'has the id of its run and its position if it has none of its own: %j',
    (item) => {
      const all = decodeMessages([{ ...COMMON, message_type: 'user_message' }, item], RUN_ID);
      expect(all[1]).toMatchObject({ type: 'RunUnrecognizedMessage', id: `${RUN_ID}:1`, raw: item });
    },
  );

  it.each([null, {}, 'x', 5, [null], [5], ['x'], [[]]])('fails what is no list of objects: %j', (json) => {
    expect(() => decodeMessages(json, RUN_ID)).toThrow(DecodeError);
  });
});
