import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/json/parse-json.ts';
import { IGNORED_METRICS_FIELDS, IGNORED_STEP_FIELDS } from '../../src/runs/detail-fields.ts';
import { decodeMetrics, decodeStep, decodeSteps } from '../../src/wire/decode-details.ts';

/** As Letta 0.16.7 sent them. */
const STEP =
  '{"id":"step-09ee…","origin":null,"organization_id":"org-…","provider_id":null,"run_id":"run-e658…","agent_id":"agent-0091…","provider_name":"openai","provider_category":"base","model":"gpt-4o-mini","model_handle":"openai/gpt-4o-mini","model_endpoint":"https://api.openai.com/v1","context_window_limit":128000,"completion_tokens":85,"prompt_tokens":693,"total_tokens":778,"cached_input_tokens":null,"cache_write_tokens":null,"reasoning_tokens":null,"completion_tokens_details":null,"prompt_tokens_details":null,"stop_reason":"no_tool_call","tags":[],"tid":null,"trace_id":null,"request_id":null,"messages":[],"feedback":null,"project_id":null,"error_type":"LLMError","error_data":{"message":"boom","traceback":"Traceback…"},"status":"failed"}';
const METRICS =
  '{"id":"run-b50f…","organization_id":"org-00000000-0000-4000-8000-000000000000","agent_id":"agent-75f1…","project_id":null,"run_start_ns":1767228597938056000,"run_ns":544975332093,"num_steps":null,"tools_used":["tool-e7cc…"],"template_id":null,"base_template_id":null}';

/** All fields, which are read when they are asked for. */
function fieldsOf(decoded: object): Readonly<Record<string, unknown>> {
  const fields: Record<string, unknown> = {};
  // oxlint-disable-next-line guard-for-in -- They are those of a prototype.
  for (const name in decoded) fields[name] = Reflect.get(decoded, name);
  return fields;
}

describe('What Letta 0.16.7 sends', () => {
  it('of a step is decoded without loss', () => {
    const decoded = fieldsOf(decodeStep(parseJson(STEP)));
    expect(decoded).toEqual({
      id: 'step-09ee…',
      index: null,
      runId: 'run-e658…',
      agentId: 'agent-0091…',
      status: 'failed',
      stopReason: 'no_tool_call',
      model: 'gpt-4o-mini',
      modelHandle: 'openai/gpt-4o-mini',
      providerName: 'openai',
      contextWindowLimit: 128000,
      promptTokens: 693,
      completionTokens: 85,
      totalTokens: 778,
      cachedInputTokens: null,
      cacheWriteTokens: null,
      reasoningTokens: null,
      errorType: 'LLMError',
      errorData: { message: 'boom', traceback: 'Traceback…' },
      feedback: null,
      tags: [],
      traceId: null,
    });
    // The index is the gateway's own.
    const { length } = Object.keys(decoded);
    expect(Object.keys(JSON.parse(STEP))).toHaveLength(length - 1 + IGNORED_STEP_FIELDS.length);
  });

  it('of metrics is decoded without loss', () => {
    const decoded = fieldsOf(decodeMetrics(parseJson(METRICS)));
    expect(decoded).toEqual({
      startedAt: '2026-01-01T00:49:57.938056Z',
      durationNs: 544_975_332_093,
      stepCount: null,
      toolIds: ['tool-e7cc…'],
    });
    const { length } = Object.keys(decoded);
    expect(Object.keys(JSON.parse(METRICS))).toHaveLength(length + IGNORED_METRICS_FIELDS.length);
  });
});

describe('A step of an unexpected form', () => {
  it.each(['{}', '{"id":5}', '{"id":""}', '{"id":"not an id"}'])(
    'has an id of its run and index: %s',
    (item) => {
      const text = `[{"id":"step-1"},${item},{"id":"step-2"}]`;
      const steps = decodeSteps(parseJson(text), 'run-1');
      expect(steps.map(({ id, index }) => [id, index])).toEqual([
        ['step-1', 0],
        ['step-of-run-1-1', 1],
        ['step-2', 2],
      ]);
      expect(steps[1]?.totalTokens).toBeNull();
    },
  );

  it.each(['null', '5', '9223372036854775807', '"x"', '[]'])('is none, nor is its list one: %s', (item) => {
    expect(() => decodeSteps(parseJson(`[{"id":"step-1"},${item}]`), 'run-1')).toThrow(
      '$[1]: expected a step',
    );
  });

  it('has its index in the whole list, also on a later page', () => {
    const steps = decodeSteps([{ id: 'step-1' }, {}], 'run-1', 100);
    expect(steps.map(({ id, index }) => [id, index])).toEqual([
      ['step-1', 100],
      ['step-of-run-1-101', 101],
    ]);
  });

  it('needs an id where its index is not known', () => {
    expect(decodeSteps([{ id: 'step-1' }], 'run-1', null)).toMatchObject([{ id: 'step-1', index: null }]);
    expect(() => decodeSteps([{}], 'run-1', null)).toThrow('$[0].id: expected the id of a step');
  });

  it('is one that is in the list twice: the sums would be wrong', () => {
    const twice = [{ id: 'step-1' }, { id: 'step-2' }, { id: 'step-1' }];
    expect(() => decodeSteps(twice, 'run-1')).toThrow('$[2].id: expected an id that no other step has');
  });

  it.each([
    ['9007199254740993', 9_007_199_254_740_993n],
    ['9223372036854775808', 9_223_372_036_854_775_808n],
    ['-18446744073709551617', -18_446_744_073_709_551_617n],
    ['9007199254740991', 9_007_199_254_740_991],
    ['1.0', 1],
    ['1e3', 1000],
    ['null', null],
  ])('is none for a number: %s', (text, value) => {
    const [step] = decodeSteps(parseJson(`[{"id":"step-1","total_tokens":${text}}]`), 'run-1');
    expect(step?.totalTokens).toBe(value);
  });

  it.each(['1.5', '1e300', '"5"', 'true', '[]', '{}'])('fails in the one field: %s tokens', (text) => {
    const json = parseJson(`[{"id":"step-1","total_tokens":${text},"prompt_tokens":7}]`);
    const [step] = decodeSteps(json, 'run-1');
    expect(() => step?.totalTokens).toThrow('$[0].total_tokens: expected a whole number or null, but got');
    expect(step?.promptTokens).toBe(7);
  });
});

it('A field of metrics that is malformed costs no other one', () => {
  const metrics = decodeMetrics(
    parseJson('{"run_start_ns":-1,"run_ns":9007199254740993,"num_steps":2147483648,"tools_used":["a"]}'),
  );
  expect(() => metrics.startedAt).toThrow('run_start_ns');
  expect(() => metrics.durationNs).toThrow('run_ns');
  expect(() => metrics.stepCount).toThrow('num_steps');
  expect(metrics.toolIds).toEqual(['a']);
});
