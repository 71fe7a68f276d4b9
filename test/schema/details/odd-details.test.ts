import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DetailsGateway, detailRunId, startDetailsGateway } from '../../support/details-upstream.ts';
import { type Answer, post } from '../../support/execute.ts';
import { MESSAGE_FIELDS, MESSAGE_FRAGMENTS } from '../../support/message-fields.ts';

const RUN = detailRunId(0);
const ID = 'message-00000000-0000-4000-8000-000000000000';

let test: DetailsGateway;
beforeAll(async () => {
  test = await startDetailsGateway();
});
afterAll(() => test[Symbol.asyncDispose]());

interface Node {
  readonly __typename: string;
  readonly id: string;
}

/** The text of an answer, and what it holds. */
async function ask(query: string) {
  const text = await post(test.gateway, JSON.stringify({ query }));
  const answer: Answer<{ run: Record<string, { nodes: readonly Node[] } | null> }> = JSON.parse(text);
  return { text, ...answer };
}

const GOOD = `{"id":"${ID}","otid":"otid-1","message_type":"user_message","content":"fine"}`;

/** An item in a list of messages, of a kind that may have other fields. */
const message = (kind: string, fields: string): string =>
  `{"id":"${ID}","otid":"otid-1","message_type":"${kind}"${fields === '' ? '' : `,${fields}`}}`;
const user = (fields: string): string => message('user_message', fields);

describe('Among messages', () => {
  const USER = 'RunUserMessage';
  const UNKNOWN = 'RunUnrecognizedMessage';
  it.each<[item: string, type: string]>([
    // Content.
    [user('"content":null'), USER],
    [user(''), USER],
    [user('"content":5'), USER],
    [user('"content":9223372036854775808'), USER],
    [user('"content":[]'), USER],
    [user('"content":[null,5,[[]],{"type":"text"},{"type":"image","source":18446744073709551616}]'), USER],
    [user('"content":{"type":"text","text":null}'), USER],
    [user(String.raw`"content":"\ud800 \u0000"`), USER],
    // What every message has.
    [user('"content":"x","date":null'), USER],
    [user('"content":"x","date":"yesterday"'), UNKNOWN],
    [user('"content":"x","date":1767228597938056000'), UNKNOWN],
    [user('"content":"x","step_id":7'), UNKNOWN],
    [user('"content":"x","is_err":"yes"'), UNKNOWN],
    [user('"content":"x","name":9223372036854775808'), UNKNOWN],
    [user('"content":"x","new_field":{"n":9223372036854775808},"__proto__":{"name":5}'), USER],
    // Kinds.
    [message('dream_message', '"dream":[9223372036854775808]'), UNKNOWN],
    [message('constructor', ''), UNKNOWN],
    [message('__proto__', ''), UNKNOWN],
    [`{"id":"${ID}","message_type":5}`, UNKNOWN],
    [`{"id":"${ID}","message_type":null,"content":"x"}`, UNKNOWN],
    [`{"id":"${ID}","content":"x"}`, UNKNOWN],
    // Lists.
    [message('tool_call_message', '"tool_calls":null,"tool_call":null'), 'RunToolCallMessage'],
    [message('tool_call_message', '"tool_calls":[]'), 'RunToolCallMessage'],
    [message('tool_call_message', '"tool_calls":[{}]'), 'RunToolCallMessage'],
    [message('tool_call_message', '"tool_calls":[null]'), UNKNOWN],
    [message('tool_call_message', '"tool_calls":9223372036854775808'), UNKNOWN],
    [message('tool_call_message', '"tool_call":"f()"'), UNKNOWN],
    [message('tool_call_message', '"tool_calls":[{"name":"f","arguments":{"q":1}}]'), UNKNOWN],
    [message('tool_return_message', '"tool_returns":null'), 'RunToolReturnMessage'],
    [
      message('tool_return_message', '"tool_returns":[{"tool_return":null,"stdout":null}]'),
      'RunToolReturnMessage',
    ],
    [message('tool_return_message', '"tool_returns":[{"stdout":[null]}]'), UNKNOWN],
    [message('approval_response_message', '"approvals":null,"approve":null'), 'RunApprovalResponseMessage'],
    [message('approval_response_message', '"approve":true,"type":"later"'), 'RunApprovalResponseMessage'],
    [message('approval_response_message', '"approvals":[{"type":"later"}]'), UNKNOWN],
    [message('approval_response_message', '"approvals":9223372036854775808'), UNKNOWN],
    [message('summary_message', '"summary":"x","compaction_stats":[]'), UNKNOWN],
    // No message at all.
    ['{}', UNKNOWN],
    [`{"id":9223372036854775808,"message_type":"user_message","content":"x"}`, UNKNOWN],
    [`{"id":"${'x'.repeat(300)}","message_type":"user_message","content":"x"}`, USER],
    [`{"deep":${'['.repeat(2000)}${']'.repeat(2000)}}`, UNKNOWN],
  ])('%s costs no other one, and is a message itself', async (item, type) => {
    test.answers.set(`/v1/runs/${RUN}/messages`, `[${GOOD},${item},${GOOD}]`);
    const { text, data, errors } = await ask(
      `{ run(id: "${RUN}") { messages { nodes { ${MESSAGE_FIELDS} } } } } ${MESSAGE_FRAGMENTS}`,
    );
    expect(errors).toBeUndefined();
    const nodes = data?.run['messages']?.nodes ?? [];
    expect(nodes.map(({ __typename }) => __typename)).toEqual(['RunUserMessage', type, 'RunUserMessage']);
    // Stored ids repeat, and so may otids.
    expect(new Set(nodes.map(({ id }) => id)).size).toBe(3);
    expect(nodes[0]).toMatchObject({ id: `${ID}:0`, messageId: ID, text: 'fine' });
    expect(nodes[2]).toMatchObject({ messageId: ID, text: 'fine' });
    // What isn't recognized is carried, with all digits.
    if (type === UNKNOWN) expect(text).toContain(`"raw":${item}`);
  });

  it.each([
    ['5', '[{"__typename":"RunUnrecognizedPart","raw":5}]'],
    ['18446744073709551616', '[{"__typename":"RunUnrecognizedPart","raw":18446744073709551616}]'],
    ['null', '[]'],
    ['[null]', '[{"__typename":"RunUnrecognizedPart","raw":null}]'],
  ])('one whose content is %s has it among its parts', async (content, parts) => {
    test.answers.set(`/v1/runs/${RUN}/messages`, `[${user(`"content":${content}`)}]`);
    const { text } = await ask(
      `{ run(id: "${RUN}") { messages { nodes { ... on RunContentMessage { parts { __typename ... on RunUnrecognizedPart { raw } } } } } } }`,
    );
    expect(text).toBe(`{"data":{"run":{"messages":{"nodes":[{"parts":${parts}}]}}}}`);
  });
});

describe('Among steps', () => {
  const FIELDS =
    'id index runId status stopReason model contextWindowLimit promptTokens totalTokens errorType errorData feedback tags traceId rawStatus rawStopReason';
  it.each<[fields: string, failed: readonly string[], shown: string]>([
    ['"tags":null', [], '"tags":null'],
    ['"tags":5', ['tags'], '"tags":null'],
    ['"tags":["a",null]', ['tags'], '"tags":null'],
    ['"tags":["a"],"new_field":9223372036854775808', [], '"tags":["a"]'],
    ['"total_tokens":9223372036854775807', [], '"totalTokens":9223372036854775807'],
    ['"total_tokens":36893488147419103232', [], '"totalTokens":36893488147419103232'],
    ['"total_tokens":-1', [], '"totalTokens":-1'],
    ['"total_tokens":1.5', ['totalTokens'], '"totalTokens":null'],
    ['"prompt_tokens":"7","total_tokens":7', ['promptTokens'], '"totalTokens":7'],
    [
      '"status":"paused","stop_reason":"bored","feedback":"meh"',
      [],
      '"status":"UNRECOGNIZED","stopReason":"UNRECOGNIZED"',
    ],
    ['"status":"paused","stop_reason":"bored"', [], '"rawStatus":"paused","rawStopReason":"bored"'],
    ['"status":5,"model":[]', ['status', 'model', 'rawStatus'], '"status":null'],
    ['"error_data":{"code":9223372036854775808}', [], '"errorData":{"code":9223372036854775808}'],
    ['"error_data":"boom"', ['errorData'], '"errorData":null'],
  ])('one with %s costs no other one', async (fields, failed, shown) => {
    test.answers.set(
      `/v1/runs/${RUN}/steps`,
      `[{"id":"step-1","total_tokens":1},{"id":"step-2",${fields}},{"id":"step-3","total_tokens":3}]`,
    );
    const { text, data, errors = [] } = await ask(`{ run(id: "${RUN}") { steps { nodes { ${FIELDS} } } } }`);
    const nodes = data?.run['steps']?.nodes ?? [];
    expect(nodes).toMatchObject([
      { id: 'step-1', index: 0, totalTokens: 1, tags: null },
      { id: 'step-2', index: 1 },
      { id: 'step-3', index: 2, totalTokens: 3, tags: null },
    ]);
    expect(text).toContain(shown);
    expect(errors.map(({ path, extensions }) => [path, extensions?.['code']])).toEqual(
      failed.map((name) => [['run', 'steps', 'nodes', 1, name], 'UPSTREAM_INVALID_RESPONSE']),
    );
  });

  it('one without an id is shown, is the place of a cursor, and counts in the sums', async () => {
    test.answers.set(`/v1/runs/${RUN}/steps`, '[{"id":"step-1","total_tokens":1},{"total_tokens":2},{}]');
    const { data, errors } = await ask(
      `{ run(id: "${RUN}") { steps { nodes { id totalTokens } } usage { totalTokens stepCount } } }`,
    );
    expect(errors).toBeUndefined();
    expect(data?.run).toEqual({
      steps: {
        nodes: [
          { id: 'step-1', totalTokens: 1 },
          { id: `step-of-${RUN}-1`, totalTokens: 2 },
          { id: `step-of-${RUN}-2`, totalTokens: null },
        ],
      },
      usage: { totalTokens: 3, stepCount: 3 },
    });
    const { data: rest } = await ask(
      `{ run(id: "${RUN}") { steps(after: "step-of-${RUN}-1") { nodes { id } } } }`,
    );
    expect(rest?.run['steps']?.nodes).toEqual([{ id: `step-of-${RUN}-2` }]);
    const { data: none } = await ask(`{ node(id: "step-of-${RUN}-1") { id } }`);
    expect(none).toEqual({ node: null });
  });

  it('a number of tokens that is malformed leaves the other sums', async () => {
    test.answers.set(`/v1/runs/${RUN}/steps`, '[{"id":"step-1","total_tokens":1,"reasoning_tokens":"x"}]');
    const { data, errors } = await ask(
      `{ run(id: "${RUN}") { usage { totalTokens reasoningTokens stepCount } } }`,
    );
    expect(data?.run).toEqual({ usage: { totalTokens: 1, reasoningTokens: null, stepCount: 1 } });
    expect(errors).toMatchObject([{ path: ['run', 'usage', 'reasoningTokens'] }]);
  });
});

it.each(['[null]', '[1]', '[[]]', '["x"]', '[9223372036854775808]', '{}', 'null', '5'])(
  'Steps and messages that are %s are no list',
  async (list) => {
    for (const part of ['steps', 'messages']) test.answers.set(`/v1/runs/${RUN}/${part}`, list);
    const { data, errors } = await ask(
      `{ run(id: "${RUN}") { id steps { nodes { id } } messages { nodes { id } } usage { stepCount } } }`,
    );
    expect(data).toEqual({ run: { id: RUN, steps: null, messages: null, usage: null } });
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(
      Array.from({ length: 3 }, () => 'UPSTREAM_INVALID_RESPONSE'),
    );
  },
);

it('A field of metrics that is malformed costs no other one', async () => {
  test.answers.set(`/v1/runs/${RUN}/metrics`, '{"run_start_ns":1,"run_ns":9007199254740993,"num_steps":"x"}');
  const { data, errors } = await ask(
    `{ run(id: "${RUN}") { totalDurationNs metrics { startedAt durationNs stepCount toolIds } } }`,
  );
  expect(data?.run).toEqual({
    totalDurationNs: null,
    metrics: {
      startedAt: '1970-01-01T00:00:00.000000001Z',
      durationNs: null,
      stepCount: null,
      toolIds: null,
    },
  });
  expect(errors?.map(({ path }) => path?.join('.')).toSorted()).toEqual([
    'run.metrics.durationNs',
    'run.metrics.stepCount',
    'run.totalDurationNs',
  ]);
});
