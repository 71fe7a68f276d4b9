import { describe, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { type Answer, execute, post } from '../support/execute.ts';
import { answerWith, type RawAnswer, type RawUpstream, startRawUpstream } from '../support/raw-upstream.ts';
import { SECRET } from './faults.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000000';
const STEP = 'step-00000000-0000-4000-8000-000000000000';
const AGENT = 'agent-00000000-0000-4000-8000-000000000000';
const MESSAGE = 'message-00000000-0000-4000-8000-000000000000';
const MAX_BYTES = 4000;

const json = (value: unknown): RawAnswer => answerWith(200, JSON.stringify(value));
const step = { id: STEP, run_id: RUN, status: 'failed', total_tokens: 7 };

type Endpoint = 'steps' | 'messages' | 'metrics' | 'agent' | 'step' | 'timing';

/** What is answered by the endpoints that don't fail. */
const ANSWERS: Readonly<Record<Endpoint | 'run', unknown>> = {
  run: { id: RUN, agent_id: AGENT, created_at: '2026-01-01T00:00:00Z', status: 'failed' },
  steps: [step],
  messages: [{ id: MESSAGE, message_type: 'user_message', content: 'x', step_id: STEP }],
  metrics: { run_start_ns: 0, run_ns: 5, num_steps: 1, tools_used: [] },
  agent: { id: AGENT, name: 'Ada', tags: ['x'] },
  step,
  timing: { step_start_ns: 0, step_ns: 9, llm_request_ns: 5, tool_execution_ns: null },
};

const PATHS: readonly (readonly [Endpoint | 'run', string])[] = [
  ['steps', `/v1/runs/${RUN}/steps`],
  ['messages', `/v1/runs/${RUN}/messages`],
  ['metrics', `/v1/runs/${RUN}/metrics`],
  ['run', `/v1/runs/${RUN}`],
  ['agent', `/v1/agents/${AGENT}`],
  ['timing', `/v1/steps/${STEP}/metrics`],
  ['step', `/v1/steps/${STEP}`],
];

/** Everything that is told of one run. */
const EVERYTHING = `{
  run(id: "${RUN}") {
    id
    status
    totalDurationNs
    steps { nodes { id index totalTokens messages { id } timing { totalNs modelNs } } }
    usage { totalTokens stepCount }
    messages { nodes { id } }
    metrics { stepCount durationNs }
    agent { id name tags }
  }
  node(id: "${STEP}") { id ... on RunStep { status index messages { id } } }
}`;
const message = { id: `${MESSAGE}:0` };
const timing = { totalNs: 9, modelNs: 5 };
const WHOLE = {
  run: {
    id: RUN,
    status: 'FAILED',
    totalDurationNs: 5,
    steps: { nodes: [{ id: STEP, index: 0, totalTokens: 7, messages: [message], timing }] },
    usage: { totalTokens: 7, stepCount: 1 },
    messages: { nodes: [message] },
    metrics: { stepCount: 1, durationNs: 5 },
    agent: { id: AGENT, name: 'Ada', tags: ['x'] },
  },
  node: { id: STEP, status: 'FAILED', index: 0, messages: [message] },
};

/** The paths of what each endpoint tells. */
const TOLD_BY: Readonly<Record<Endpoint, readonly string[]>> = {
  steps: ['run.steps', 'run.usage', 'node.index'],
  messages: ['run.messages', 'run.steps.nodes.0.messages', 'node.messages'],
  metrics: ['run.metrics', 'run.totalDurationNs'],
  agent: ['run.agent.name', 'run.agent.tags'],
  step: ['node'],
  timing: ['run.steps.nodes.0.timing'],
};
const ENDPOINTS = Object.keys(TOLD_BY) as Endpoint[];

const detail = JSON.stringify({ detail: SECRET });
const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const FAULTS: readonly (readonly [name: string, code: string, answer: RawAnswer])[] = [
  ['400 because of one bad row', 'UPSTREAM_REJECTED', answerWith(400, detail)],
  ['401', 'UNAUTHENTICATED', answerWith(401, detail)],
  ['403', 'FORBIDDEN', answerWith(403, detail)],
  ['404', 'UPSTREAM_REJECTED', answerWith(404, detail)],
  ['429', 'RATE_LIMITED', answerWith(429, detail)],
  ['500', 'UPSTREAM_ERROR', answerWith(500, detail)],
  ['501', 'UPSTREAM_ERROR', answerWith(501, detail)],
  ['503', 'UPSTREAM_UNAVAILABLE', answerWith(503, detail, { 'retry-after': '60' })],
  ['a redirect', INVALID, answerWith(307, '', { location: `http://${SECRET}.test/` })],
  ['silence', 'UPSTREAM_TIMEOUT', () => undefined],
  ['half an answer', 'UPSTREAM_TIMEOUT', answerWith(200, '[', { 'content-length': '99' })],
  ['a reset', 'UPSTREAM_UNAVAILABLE', (socket) => void socket.resetAndDestroy()],
  ['too much', INVALID, json([SECRET.repeat(MAX_BYTES)])],
  ['too much of an error', INVALID, answerWith(400, SECRET.repeat(MAX_BYTES))],
  ['nothing', INVALID, answerWith(200, '')],
  ['a page', INVALID, answerWith(200, `<html>${SECRET}`, { 'content-type': 'text/html' })],
  ['half a JSON', INVALID, answerWith(200, `[{"id":"${SECRET}"`)],
  ['JSON with NaN', INVALID, answerWith(200, `[{"id":"${SECRET}","total_tokens":NaN}]`)],
  ['null', INVALID, json(null)],
  ['a text', INVALID, json(SECRET)],
  ['a number', INVALID, json(7)],
  ['a number of 64 bits', INVALID, answerWith(200, '9223372036854775807')],
];

/** What has another shape for each endpoint. */
const SHAPES: readonly (readonly [name: string, endpoints: readonly Endpoint[], answer: RawAnswer])[] = [
  ['an object in place of a list', ['steps', 'messages'], json({ detail: SECRET })],
  ['a list in place of an object', ['metrics', 'agent', 'step', 'timing'], json([SECRET])],
  ['nothing that identifies it', ['agent', 'step'], json({ name: SECRET })],
  ['another one', ['agent', 'step'], json({ id: SECRET })],
  ...['1', 'null', '"x"', 'true', '[]', '[[]]', '9223372036854775807'].map(
    (item) => [`a list of ${item}`, ['steps', 'messages'] as const, answerWith(200, `[${item}]`)] as const,
  ),
  ['the same step twice', ['steps'], json([step, { ...step, tags: [SECRET] }])],
];

const CASES = [
  ...ENDPOINTS.flatMap((endpoint) =>
    FAULTS.map(([name, code, answer]) => ({ endpoint, name, code, answer })),
  ),
  ...SHAPES.flatMap(([name, endpoints, answer]) =>
    endpoints.map((endpoint) => ({ endpoint, name, code: INVALID, answer })),
  ),
];

/** A server of the run of which one endpoint may answer otherwise. */
function startUpstream(endpoint?: Endpoint, faulty?: RawAnswer): Promise<RawUpstream> {
  return startRawUpstream((socket, request) => {
    const [asked] = PATHS.find(([, path]) => request.head.startsWith(`GET ${path}`)) ?? [];
    const answer = asked === endpoint ? faulty : asked && json(ANSWERS[asked]);
    (answer ?? answerWith(404, detail))(socket, request);
  });
}

/** @param code what is expected: only who waits for a time-out has a short one, or a busy machine would have others */
function startGateway({ baseUrl }: RawUpstream, code?: string): Promise<Gateway> {
  const upstreamTimeoutMs = code === 'UPSTREAM_TIMEOUT' ? 500 : 20_000;
  return createGateway({ upstreamUrl: baseUrl, upstreamTimeoutMs, upstreamMaxBytes: MAX_BYTES });
}

/** The answer without what some paths lead to. */
function without(paths: readonly string[]): unknown {
  const left = structuredClone<object>(WHOLE);
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), left);
    if (typeof parent === 'object' && parent !== null) Reflect.set(parent, last, null);
  }
  return left;
}

it('Everything is told of a run if nothing fails', async () => {
  await using upstream = await startUpstream();
  await using gateway = await startGateway(upstream);
  expect(await execute(gateway, EVERYTHING)).toEqual({ data: WHOLE });
});

describe('An endpoint that fails leaves the rest of the answer', () => {
  it.each(CASES)('$endpoint: $name', async ({ endpoint, name, code, answer }) => {
    await using upstream = await startUpstream(endpoint, answer);
    await using gateway = await startGateway(upstream, code);
    const { data, errors } = await execute(gateway, EVERYTHING);
    const isAbsent = name === '404' && ['metrics', 'step', 'timing'].includes(endpoint);
    expect(data).toEqual(without(TOLD_BY[endpoint]));
    expect(pathsOf(errors)).toEqual(isAbsent ? [] : TOLD_BY[endpoint].toSorted());
    for (const { extensions } of errors ?? []) {
      expect(extensions).toMatchObject({
        code,
        retryable: expect.any(Boolean),
        requestId: expect.any(String),
      });
    }
    const told = JSON.stringify(errors ?? []);
    expect(told).not.toContain(SECRET);
    expect(told).not.toContain(new URL(upstream.baseUrl).port);
  });

  it.each(ENDPOINTS)('%s: too much, and says what is allowed', async (endpoint) => {
    await using upstream = await startUpstream(endpoint, json([SECRET.repeat(MAX_BYTES)]));
    await using gateway = await startGateway(upstream);
    const { errors = [] } = await execute(gateway, EVERYTHING);
    expect(errors).toHaveLength(TOLD_BY[endpoint].length);
    for (const { message: text, extensions } of errors) {
      expect(text).toBe('The response of the runs API is larger than UPSTREAM_MAX_BYTES, 4000 bytes.');
      expect(extensions).toEqual({
        code: INVALID,
        retryable: false,
        maxBytes: MAX_BYTES,
        requestId: expect.any(String),
      });
    }
  });
});

function pathsOf(errors: Answer<object>['errors']): readonly string[] {
  return (errors ?? []).map(({ path = [] }) => path.join('.')).toSorted();
}

/** Forty runs of which the API can't send one part, as long as their rows are there. */
async function startBrokenRuns(part: RegExp): Promise<RawUpstream> {
  const ids = Array.from({ length: 40 }, (_, n) => RUN.replace(/..$/, String(99 - n)));
  const runs = ids.map((id, n) => ({
    ...Object(ANSWERS.run),
    id,
    created_at: `2026-01-01T00:00:${59 - n}Z`,
  }));
  return startRawUpstream((socket, request) => {
    const isList = request.head.startsWith('GET /v1/runs/?');
    const answer = isList ? json(runs) : json(ANSWERS.metrics);
    (part.test(request.head) ? answerWith(500, detail) : answer)(socket, request);
  });
}

it('Messages that the API cannot send are asked for once, and do not stop other requests', async () => {
  await using upstream = await startBrokenRuns(/^GET \S+\/messages/);
  await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  const query = '{ runs(first: 40) { nodes { id messages { nodes { id } } metrics { stepCount } } } }';
  for (let i = 0; i < 3; i++) {
    upstream.heads.length = 0;
    const { data, errors } = await execute<{ runs: { nodes: object[] } }, never>(gateway, query);
    expect(data?.runs.nodes).toHaveLength(40);
    for (const node of data?.runs.nodes ?? []) {
      expect(node).toMatchObject({ messages: null, metrics: { stepCount: 1 } });
    }
    expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(Array(40).fill('UPSTREAM_ERROR'));
    expect(upstream.heads.filter((head) => head.includes('/messages'))).toHaveLength(40);
  }
});

it('Numbers of 64 bits in messages keep their digits, and what is new is counted', async () => {
  const items = `[{"message_type":"dream_message","n":9007199254740993},{"message_type":"event_message","event_data":{"n":-18446744073709551615}}]`;
  await using upstream = await startUpstream('messages', answerWith(200, items));
  await using gateway = await startGateway(upstream);
  const query = `{ run(id: "${RUN}") { messages { nodes { ... on RunUnrecognizedMessage { raw } ... on RunEventMessage { eventData } } } } }`;
  const text = await post(gateway, JSON.stringify({ query }));
  expect(text).toContain('"raw":{"message_type":"dream_message","n":9007199254740993}');
  expect(text).toContain('"eventData":{"n":-18446744073709551615}');
  const metrics = await gateway.fetch(new Request('http://gateway/metrics'));
  expect(await metrics.text()).toMatch(/upstream_drift_total\{kind="message_type"\} [1-9]/);
});
