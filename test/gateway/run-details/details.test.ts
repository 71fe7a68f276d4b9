import { describe, expect, it } from 'vitest';
import { type Answers, answersOfRuns, RUN } from '../../support/answers.ts';
import { type Answer, post } from '../../support/execute.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

const STEPS = `/v1/runs/${RUN}/steps`;
const MESSAGES = `/v1/runs/${RUN}/messages`;
const METRICS = `/v1/runs/${RUN}/metrics`;

interface Shown {
  readonly text: string;
  readonly run: Readonly<Record<string, unknown>>;
  readonly errors: Answer<unknown>['errors'];
}

/** What is shown of a run whose parts are answered so. */
async function show(selection: string, answers: Answers): Promise<Shown> {
  await using open = await openGatewayOver(answersOfRuns(1, answers));
  const text = await post(open.gateway, JSON.stringify({ query: `{ run(id: "${RUN}") { ${selection} } }` }));
  const { data, errors }: Answer<{ run: Shown['run'] }> = JSON.parse(text);
  return { text, run: data?.run ?? {}, errors };
}

const STEP_FIELDS =
  'id index runId agentId status rawStatus stopReason rawStopReason model modelHandle providerName contextWindowLimit promptTokens completionTokens totalTokens cachedInputTokens cacheWriteTokens reasoningTokens errorType errorData feedback tags traceId';

describe('RunStep', () => {
  it('is shown as Letta sends it', async () => {
    const sent = `{"id":"step-1","origin":null,"provider_id":"provider-1","run_id":"${RUN}","agent_id":"agent-1","provider_name":"openai","model":"gpt-4o-mini","model_handle":"openai/gpt-4o-mini","context_window_limit":32000,"completion_tokens":85,"prompt_tokens":693,"total_tokens":778,"cached_input_tokens":0,"cache_write_tokens":5,"reasoning_tokens":64,"stop_reason":"no_tool_call","tags":["a","b"],"tid":null,"trace_id":"0af7","messages":[],"feedback":"positive","error_type":"LLMError","error_data":{"message":"boom"},"status":"failed"}`;
    const shown = `{"id":"step-1","index":0,"runId":"${RUN}","agentId":"agent-1","status":"FAILED","rawStatus":"failed","stopReason":"NO_TOOL_CALL","rawStopReason":"no_tool_call","model":"gpt-4o-mini","modelHandle":"openai/gpt-4o-mini","providerName":"openai","contextWindowLimit":32000,"promptTokens":693,"completionTokens":85,"totalTokens":778,"cachedInputTokens":0,"cacheWriteTokens":5,"reasoningTokens":64,"errorType":"LLMError","errorData":{"message":"boom"},"feedback":"POSITIVE","tags":["a","b"],"traceId":"0af7"}`;
    const { text } = await show(`steps { nodes { ${STEP_FIELDS} } }`, { [STEPS]: `[${sent}]` });
    expect(text).toBe(`{"data":{"run":{"steps":{"nodes":[${shown}]}}}}`);
  });

  it.each([
    ['"total_tokens":9007199254740993', '"totalTokens":9007199254740992'],
    ['"status":"paused","stop_reason":"bored"', '"status":"UNRECOGNIZED","rawStatus":"paused"'],
    ['"error_data":{"code":9223372036854775808}', '"errorData":{"code":9223372036854775808}'],
  ])('that is odd by %s costs no other step', async (fields, shown) => {
    const { text, run, errors } = await show(`steps { nodes { ${STEP_FIELDS} } }`, {
      [STEPS]: `[{"id":"step-1","total_tokens":1},{"id":"step-2",${fields}},{"id":"step-3","total_tokens":3}]`,
    });
    expect(run['steps']).toMatchObject({
      nodes: [
        { id: 'step-1', index: 0, totalTokens: 1 },
        { id: 'step-2', index: 1 },
        { id: 'step-3', index: 2, totalTokens: 3 },
      ],
    });
    expect(text).toContain(shown);
    expect(errors).toBeUndefined();
  });

  it('is a node with its index, or null if there is no step of its id', async () => {
    const [first, second] = ['step-1', 'step-2'].map((id) => ({ id, run_id: RUN }));
    await using open = await openGatewayOver(
      answersOfRuns(1, {
        [STEPS]: [first, second],
        '/v1/steps/step-2': second,
        '/v1/steps/step-x': { status: 422, body: {} },
      }),
    );
    const ids = ['step-2', 'step-3', 'step-x', 'steps', `step-of-${RUN}-1`];
    const query =
      'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on RunStep { index runId } } }';
    expect(await open.execute(query, { ids })).toEqual({
      data: {
        nodes: [{ __typename: 'RunStep', id: 'step-2', index: 1, runId: RUN }, null, null, null, null],
      },
    });
  });
});

describe('Run.usage', () => {
  const SUMS =
    'promptTokens completionTokens totalTokens cachedInputTokens cacheWriteTokens reasoningTokens stepCount';

  it('is the sum over all steps, and over those of each model', async () => {
    const step = (model: string, prompt: string, rest: string) =>
      `{"id":"step-${prompt}","model":${model},"prompt_tokens":${prompt},"completion_tokens":1,"total_tokens":2,${rest}}`;
    const { text } = await show(`usage { ${SUMS} byModel { model ${SUMS} } }`, {
      [STEPS]: `[${[
        step('"a"', '7000000000', '"cached_input_tokens":5'),
        step('null', '1', '"reasoning_tokens":0'),
        step('"a"', '7000000001', '"cached_input_tokens":null'),
      ].join()}]`,
    });
    const sums = (prompt: string, count: number, cached: number | null, reasoning: number | null) =>
      `"promptTokens":${prompt},"completionTokens":${count},"totalTokens":${2 * count},"cachedInputTokens":${cached},"cacheWriteTokens":null,"reasoningTokens":${reasoning},"stepCount":${count}`;
    const byModel = `[{"model":"a",${sums('14000000001', 2, 5, null)}},{"model":null,${sums('1', 1, null, 0)}}]`;
    expect(text).toBe(`{"data":{"run":{"usage":{${sums('14000000002', 3, 5, 0)},"byModel":${byModel}}}}}`);
  });

  it('is 0 or null for a run without steps', async () => {
    const none = await show('usage { totalTokens reasoningTokens stepCount byModel { model } }', {
      [STEPS]: [],
    });
    expect(none.run['usage']).toEqual({ totalTokens: 0, reasoningTokens: null, stepCount: 0, byModel: [] });
  });
});

describe('Run.metrics', () => {
  it.each([
    ['1767228597938056123', '2026-01-01T00:49:57.938056Z'],
    ['null', null],
  ])('shows a start of %s nanoseconds after 1970 as %s', async (nanoseconds, startedAt) => {
    const { run } = await show('totalDurationNs metrics { startedAt durationNs stepCount toolIds }', {
      [METRICS]: `{"id":"${RUN}","run_start_ns":${nanoseconds},"run_ns":544975332093,"num_steps":3,"tools_used":["tool-1"]}`,
    });
    expect(run).toEqual({
      totalDurationNs: 544975332093,
      metrics: { startedAt, durationNs: 544975332093, stepCount: 3, toolIds: ['tool-1'] },
    });
  });

  it('is null where nothing was measured', async () => {
    expect(await show('id metrics { stepCount }', {})).toMatchObject({
      run: { id: RUN, metrics: null },
      errors: undefined,
    });
  });
});

it.each<[string, unknown, object | null]>([
  [
    'is what was measured',
    '{"step_start_ns":1767228597938056123,"llm_request_start_ns":null,"llm_request_ns":100000000,"tool_execution_ns":7,"step_ns":123456789}',
    { startedAt: '2026-01-01T00:49:57.938056Z', totalNs: 123456789, modelNs: 100000000, toolNs: 7 },
  ],
  ['is null for a step that was not measured', undefined, null],
  ["is null for a step that the runs API can't look up", { status: 422, body: {} }, null],
])('RunStep.timing %s', async (_name, answer, timing) => {
  const { run, errors } = await show('steps { nodes { timing { startedAt totalNs modelNs toolNs } } }', {
    [STEPS]: [{ id: 'step-1', run_id: RUN }],
    '/v1/steps/step-1/metrics': answer,
  });
  expect(errors).toBeUndefined();
  expect(run).toEqual({ steps: { nodes: [{ timing }] } });
});

const message = (step: number, type: string, own: object) => ({
  id: `message-${step}-${type}`,
  step_id: `step-${step}`,
  message_type: `${type}_message`,
  ...own,
});
const calls = (...names: (string | null)[]) => ({
  tool_calls: names.map((name, at) => ({ name, arguments: '{}', tool_call_id: `call-${at}` })),
});

it.each<[string, readonly object[], readonly string[] | null, string | null, unknown]>([
  [
    'has the tools that it called or asked to call, in order, each once',
    [
      message(1, 'tool_call', calls('search', 'read', 'search')),
      message(2, 'reasoning', { reasoning: 'x' }),
      message(1, 'approval_request', { tool_call: { name: 'delete', arguments: '{}', tool_call_id: 'c' } }),
      message(1, 'tool_return', { tool_return: 'x', status: 'success', tool_call_id: 'call-0' }),
    ],
    null,
    RUN,
    [['search', 'read', 'delete'], []],
  ],
  [
    'is null where a call has no name, or cannot be read',
    [message(1, 'tool_call', calls('search', null)), message(2, 'tool_call', { tool_calls: 7 })],
    null,
    RUN,
    [null, null],
  ],
  ['is null where its run left calls out', [], ['assistant_message'], RUN, [null, null]],
  ['is null where its run left only requests out', [], ['tool_call_message'], RUN, [null, null]],
])('RunStep.toolNames %s', async (_name, messages, types, run_id, expected) => {
  const run = { id: RUN, agent_id: 'agent-1', created_at: '2026-01-01T00:00:00Z', status: 'completed' };
  const { run: shown } = await show('steps { nodes { toolNames } }', {
    [STEPS]: [1, 2].map((at) => ({ id: `step-${at}`, run_id })),
    [MESSAGES]: messages,
    [`/v1/runs/${RUN}`]: { ...run, request_config: types && { include_return_message_types: types } },
  });
  expect(Object(shown['steps']).nodes.map(({ toolNames }: { toolNames: unknown }) => toolNames)).toEqual(
    expected,
  );
});
