import { expect, test } from 'vitest';
import { JsonText } from '../../../src/embedded-api/model/json-text.ts';
import { runId, runningApi } from '../running-api.ts';

interface Answer {
  readonly status: number;
  readonly body: { readonly detail?: string; readonly request_config?: Readonly<Record<string, unknown>> };
}

async function answerFor(request_config: string): Promise<Answer> {
  await using api = await runningApi([
    {
      id: runId(1),
      agent_id: 'agent-a',
      created_at: '2025-01-01T00:00:05Z',
      request_config: new JsonText(request_config),
    },
  ]);
  return (await api.json(`/v1/runs/${runId(1)}`)) as Answer;
}

test.each([
  ['"yes"', true],
  ['"OFF"', false],
  ['1', true],
  ['0', false],
  ['1.0', true],
  ['-0.0', false],
])('the flag %s is sent as %s', async (text, expected) => {
  const { body } = await answerFor(`{"use_assistant_message":${text}}`);
  expect(body.request_config?.['use_assistant_message']).toBe(expected);
});

const UNREADABLE = 'Input should be a valid boolean, unable to interpret input';

test.each([
  ['use_assistant_message', '"junk"', 'bool_parsing', UNREADABLE, "'junk'", 'str'],
  ['use_assistant_message', '" true"', 'bool_parsing', UNREADABLE, "' true'", 'str'],
  ['use_assistant_message', '2', 'bool_parsing', UNREADABLE, '2', 'int'],
  ['use_assistant_message', '1.5', 'bool_type', 'Input should be a valid boolean', '1.5', 'float'],
  ['use_assistant_message', '1e400', 'bool_type', 'Input should be a valid boolean', 'inf', 'float'],
  ['use_assistant_message', 'null', 'bool_type', 'Input should be a valid boolean', 'None', 'NoneType'],
  [
    'use_assistant_message',
    '18446744073709551616',
    'bool_type',
    'Input should be a valid boolean',
    '18446744073709551616',
    'int',
  ],
  ['assistant_message_tool_name', '5', 'string_type', 'Input should be a valid string', '5', 'int'],
  [
    'assistant_message_tool_kwarg',
    '{"a":1e5}',
    'string_type',
    'Input should be a valid string',
    "{'a': 100000.0}",
    'dict',
  ],
  ['include_return_message_types', '{}', 'list_type', 'Input should be a valid list', '{}', 'dict'],
])('%s=%s is refused as %s', async (key, text, type, msg, value, pythonType) => {
  const { status, body } = await answerFor(`{"${key}":${text}}`);
  expect(status).toBe(400);
  expect(body.detail).toBe(
    `1 validation error for Run\nrequest_config.${key}\n  ${msg} [type=${type}, input_value=${value}, ` +
      `input_type=${pythonType}]\n    For further information visit https://errors.pydantic.dev/2.11/v/${type}`,
  );
});

test('a value in an error is cut to 25 and 24 bytes, in whole characters', async () => {
  const { body } = await answerFor(`{"use_assistant_message":"${'é'.repeat(24)}${'田'.repeat(40)}"}`);
  expect(body.detail).toContain(`input_value='${'é'.repeat(12)}...${'田'.repeat(7)}', input_type`);
});

test('all problems are listed, in the order of the keys', async () => {
  const text =
    '{"include_return_message_types":["q",1],"assistant_message_tool_name":1,"use_assistant_message":[]}';
  const { body } = await answerFor(text);
  expect(body.detail?.match(/^request_config\S*/gm)).toEqual([
    'request_config.use_assistant_message',
    'request_config.assistant_message_tool_name',
    'request_config.include_return_message_types.0',
    'request_config.include_return_message_types.1',
  ]);
});

test('JSON null is null; anything else but an object is refused', async () => {
  expect((await answerFor('null')).body.request_config).toBeNull();
  expect((await answerFor('[]')).body.detail).toContain(
    'Input should be a valid dictionary or object to extract fields from [type=model_attributes_type, ' +
      'input_value=[], input_type=list]',
  );
});
