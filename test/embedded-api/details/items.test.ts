import { expect, test } from 'vitest';
import type { NewAgent } from '../../../src/embedded-api/model/agent.ts';
import type { NewMessage } from '../../../src/embedded-api/model/message.ts';
import { FIVE_RUNS, runId, runningApi } from '../running-api.ts';

const RUN = runId(1);
const ID = 'message-920ba125-216a-49b0-ab78-8c22b0f880c3';
/** The derived `otid` of the first and of the second item. */
const FIRST = '920ba125-216a-49b0-ab78-8c22b0f88080';
const SECOND = '920ba125-216a-49b0-ab78-8c22b0f88081';
const STEP = 'step-13f36e6b-97e8-417f-aed4-20328f5e812a';

const AGENT: NewAgent = {
  id: 'agent-1',
  name: 'Helper',
  llm_config: {},
  created_at: '2026-01-01T00:00:00Z',
  updated_at: '2026-01-01T00:00:00Z',
};

type Stored = Partial<NewMessage> & Pick<NewMessage, 'role'>;

async function listed(
  stored: Stored,
  agent: Partial<NewAgent> = {},
): Promise<{ status: number; text: string }> {
  await using api = await runningApi([
    { ...FIVE_RUNS[0], id: RUN, agent_id: AGENT.id, created_at: '2026-01-01T00:00:00Z' },
  ]);
  api.store.agents.insert([{ ...AGENT, ...agent }]);
  api.store.messages.insert([
    {
      id: ID,
      run_id: RUN,
      agent_id: 'agent-a',
      name: 'nm',
      otid: 'given',
      sender_id: 'snd',
      step_id: STEP,
      created_at: '2026-01-01T01:08:02.999999Z',
      ...stored,
    },
  ]);
  const response = await api.get(`/v1/runs/${RUN}/messages`);
  return { status: response.status, text: await response.text() };
}

interface Shared {
  readonly otid: string | null;
  /** Columns that are null in this item. */
  readonly lacks?: readonly ('name' | 'sender_id' | 'step_id')[];
  readonly isErr?: true;
}

/** The beginning of an item, which all kinds share. */
function head(type: string, { otid, lacks = [], isErr }: Shared): string {
  const column = (name: 'name' | 'sender_id' | 'step_id', value: string) =>
    lacks.includes(name) ? 'null' : `"${value}"`;
  return (
    `{"id":"${ID}","date":"2026-01-01T01:08:02+00:00","name":${column('name', 'nm')},"message_type":"${type}",` +
    `"otid":${otid === null ? 'null' : `"${otid}"`},"sender_id":${column('sender_id', 'snd')},` +
    `"step_id":${column('step_id', STEP)},"is_err":${isErr ?? 'null'},"seq_id":null,"run_id":"${RUN}",`
  );
}

const text = (value: string): object => ({ type: 'text', text: value });
const call = (id: string, name: string, args: string): object => ({
  id,
  type: 'function',
  function: { name, arguments: args },
});
const response = (status: string, message: unknown): string =>
  JSON.stringify({ status, message, time: 'now' });

const ITEMS: readonly (readonly [what: string, stored: Stored, items: string])[] = [
  [
    'a text of a user',
    { role: 'user', content: [text('Hello é')] },
    `${head('user_message', { otid: 'given' })}"content":"Hello é"}`,
  ],
  [
    'a packed text',
    {
      role: 'user',
      content: [text('{"type":"user_message","message":"packed 51","time":"t"}')],
      is_err: false,
    },
    `${head('user_message', { otid: 'given' })}"content":"packed 51"}`,
  ],
  [
    'a text and an image',
    {
      role: 'user',
      content: [
        text('part one'),
        {
          type: 'image',
          source: { type: 'letta', file_id: 'file-1', media_type: 'image/png', data: 'iVBORw0KGgo=' },
        },
      ],
    },
    `${head('user_message', { otid: 'given' })}"content":[{"type":"text","text":"part one","signature":null},` +
      '{"type":"image","source":{"type":"letta","file_id":"file-1","media_type":"image/png","data":"iVBORw0KGgo=","detail":null}}]}',
  ],
  [
    'a system message',
    { role: 'system', content: [text('You are a test.')], is_err: true },
    `${head('system_message', { otid: 'given' })}"content":"You are a test."}`,
  ],
  [
    'a summary, which is sent packed',
    { role: 'summary', content: [text('{"type":"system_alert","message":"Earlier","time":"t"}')] },
    `${head('user_message', { otid: 'given' })}"content":"{\\"type\\":\\"system_alert\\",\\"message\\":\\"Earlier\\",\\"time\\":\\"t\\"}"}`,
  ],
  [
    'reasoning and an answer of an erroneous step',
    {
      role: 'assistant',
      content: [{ type: 'reasoning', is_native: true, reasoning: 'think…', signature: 'sig' }, text('Done')],
      is_err: true,
    },
    `${head('reasoning_message', { otid: FIRST, lacks: ['sender_id'], isErr: true })}"source":"reasoner_model","reasoning":"think…","signature":"sig"},` +
      `${head('assistant_message', { otid: SECOND, isErr: true })}"content":"Done"}`,
  ],
  [
    'hidden reasoning',
    {
      role: 'assistant',
      content: [{ type: 'redacted_reasoning', data: 'xxxx' }, { type: 'omitted_reasoning' }],
    },
    `${head('hidden_reasoning_message', { otid: FIRST })}"state":"redacted","hidden_reasoning":"xxxx"},` +
      `${head('hidden_reasoning_message', { otid: SECOND, lacks: ['sender_id'] })}"state":"omitted","hidden_reasoning":null}`,
  ],
  [
    'texts in a row, which are one answer',
    { role: 'assistant', content: [text('a'), text('b')] },
    `${head('assistant_message', { otid: FIRST })}"content":"ab"}`,
  ],
  [
    'two calls',
    {
      role: 'assistant',
      tool_calls: [call('call_1', 'search', '{"q":"a"}'), call('call_1b', 'search', '{"q":"b"}')],
    },
    `${head('tool_call_message', { otid: FIRST })}"tool_call":{"name":"search","arguments":"{\\"q\\":\\"a\\"}","tool_call_id":"call_1"},` +
      '"tool_calls":[{"name":"search","arguments":"{\\"q\\":\\"a\\"}","tool_call_id":"call_1"},{"name":"search","arguments":"{\\"q\\":\\"b\\"}","tool_call_id":"call_1b"}]}',
  ],
  [
    'a call and an answer by tool, which share their otid',
    {
      role: 'assistant',
      tool_calls: [call('c1', 'search', '{}'), call('c2', 'send_message', '{"message":"Hi"}')],
    },
    `${head('tool_call_message', { otid: FIRST })}"tool_call":{"name":"search","arguments":"{}","tool_call_id":"c1"},` +
      `"tool_calls":[{"name":"search","arguments":"{}","tool_call_id":"c1"}]},${head('assistant_message', { otid: FIRST })}"content":"Hi"}`,
  ],
  [
    'returns, of which one failed',
    {
      role: 'tool',
      tool_returns: [
        {
          tool_call_id: 'call_1',
          status: 'error',
          stderr: ['bad'],
          func_response: response('Failed', 'nope'),
        },
        {
          tool_call_id: 'call_1b',
          status: 'success',
          func_response: response('OK', { a: [null, 1.5, true] }),
        },
      ],
    },
    `${head('tool_return_message', { otid: FIRST })}"tool_return":"nope","status":"error","tool_call_id":"call_1","stdout":null,"stderr":["bad"],` +
      '"tool_returns":[{"type":"tool","tool_return":"nope","status":"error","tool_call_id":"call_1","stdout":null,"stderr":["bad"]},' +
      '{"type":"tool","tool_return":"{\'a\': [None, 1.5, True]}","status":"success","tool_call_id":"call_1b","stdout":null,"stderr":null}]}',
  ],
  [
    'a request for approval with a text',
    {
      role: 'approval',
      content: [text('Shall I?')],
      tool_calls: [call('call_2', 'delete_all', '{"sure":true}')],
      is_err: true,
    },
    `${head('assistant_message', { otid: FIRST, isErr: true })}"content":"Shall I?"},` +
      `${head('approval_request_message', { otid: 'given' })}"tool_call":{"name":"delete_all","arguments":"{\\"sure\\":true}","tool_call_id":"call_2"},` +
      '"tool_calls":[{"name":"delete_all","arguments":"{\\"sure\\":true}","tool_call_id":"call_2"}]}',
  ],
  [
    'a decision',
    {
      role: 'approval',
      approvals: [{ type: 'approval', tool_call_id: 'call_2', approve: false, reason: 'no!' }],
    },
    head('approval_response_message', { otid: 'given', lacks: ['name', 'sender_id', 'step_id'] }) +
      '"approvals":[{"type":"approval","tool_call_id":"call_2","approve":false,"reason":"no!"}],"approve":false,"approval_request_id":"call_2","reason":"no!"}',
  ],
  [
    'a decision as older versions stored it',
    { role: 'approval', approve: true, approval_request_id: 'call_2' },
    head('approval_response_message', { otid: 'given', lacks: ['name', 'sender_id', 'step_id'] }) +
      '"approvals":[{"type":"approval","tool_call_id":"call_2","approve":true,"reason":null}],"approve":true,"approval_request_id":"call_2","reason":null}',
  ],
  ['nothing, from an assistant without content', { role: 'assistant' }, ''],
];

test.each(ITEMS)('%s', async (_, stored, items) => {
  expect(await listed(stored)).toEqual({ status: 200, text: `[${items}]` });
});

test('a text of an older agent is a thought', async () => {
  const item = `${head('reasoning_message', { otid: FIRST })}"source":"non_reasoner_model","reasoning":"hm","signature":null}`;
  expect(
    await listed({ role: 'assistant', content: [text('hm')] }, { agent_type: 'memgpt_v2_agent' }),
  ).toEqual({
    status: 200,
    text: `[${item}]`,
  });
});

test.each<readonly [string, Stored, string]>([
  ['a user without content', { role: 'user' }, 'Invalid user message (no text object on message): []'],
  [
    'a system message of two texts',
    { role: 'system', content: [text('a'), text('b')] },
    'Invalid system message',
  ],
  [
    'a text that is a number',
    { role: 'user', content: [{ type: 'text', text: 1 }] },
    '1 validation error for TextContent\ntext\n  Input should be a valid string [type=string_type, input_value=1, input_type=int]',
  ],
  [
    'a summary of a thought whose encrypted content is null',
    {
      role: 'assistant',
      content: [{ type: 'summarized_reasoning', id: 'r', summary: [], encrypted_content: null }],
    },
    '1 validation error for SummarizedReasoningContent\nencrypted_content\n  Input should be a valid string [type=string_type, input_value=None, input_type=NoneType]',
  ],
  [
    'an unknown role',
    { role: 'bogus' },
    "1 validation error for Message\nrole\n  Input should be 'assistant', 'user', 'tool', 'function', 'system', 'approval' or 'summary' [type=enum, input_value='bogus', input_type=str]",
  ],
  [
    'a return of an unknown status',
    {
      role: 'tool',
      tool_returns: [{ tool_call_id: 'c', status: 'success', func_response: response('weird', 'm') }],
    },
    'Invalid status: weird',
  ],
  [
    'a return of no call',
    { role: 'tool', tool_returns: [{ status: 'success', func_response: response('OK', 'm') }] },
    '1 validation error for ToolReturn\ntool_call_id\n  Input should be a valid string [type=string_type, input_value=None, input_type=NoneType]',
  ],
  [
    'a decision about nothing',
    { role: 'approval', approve: true },
    '1 validation error for ApprovalReturn\ntool_call_id\n',
  ],
  [
    'too many parts',
    {
      role: 'assistant',
      content: Array.from({ length: 129 }, () => ({ type: 'redacted_reasoning', data: 'x' })),
    },
    'Index must be between 0 and 127',
  ],
])('%s makes the whole list a 400', async (_, stored, detail) => {
  const { status, text: body } = await listed(stored);
  expect({ status, body: JSON.parse(body) }).toEqual({
    status: 400,
    body: { detail: expect.stringContaining(detail) },
  });
});

test.each<readonly [string, Stored]>([
  [
    'an image from elsewhere',
    { role: 'user', content: [{ type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } }] },
  ],
  [
    'a response that is no JSON',
    { role: 'tool', tool_returns: [{ tool_call_id: 'c', status: 'success', func_response: 'plain' }] },
  ],
  ['arguments that are no JSON', { role: 'assistant', tool_calls: [call('c', 'send_message', 'plain')] }],
  ['a content that is no list', { role: 'user', content: { a: 1 } }],
])('%s makes the whole list a 500 that is not handled', async (_, stored) => {
  expect(await listed(stored)).toEqual({ status: 500, text: '{"detail":"An unknown error occurred"}' });
});

test('an agent without a configuration of its model makes the messages of its runs a 500', async () => {
  const { status } = await listed({ role: 'user', content: [text('a')] }, { llm_config: null });
  expect(status).toBe(500);
});
