import { describe, expect, it } from 'vitest';
import { ITEMS, RUN_ITEMS } from '../../../src/upstream/letta/endpoints.ts';
import { stopClock } from '../../support/clock.ts';
import { execute } from '../../support/execute.ts';
import { type Fault, FAULTS, SECRET, status } from '../../support/faults.ts';
import { forAll } from '../../support/for-all.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { Script } from '../../support/scripted-upstream.ts';

const RUN = 'run-00000000-0000-4000-8000-000000000000';
const STEP = 'step-00000000-0000-4000-8000-000000000000';
const AGENT = 'agent-00000000-0000-4000-8000-000000000000';
const CONVERSATION = 'conv-00000000-0000-4000-8000-000000000000';
const MESSAGE = 'message-00000000-0000-4000-8000-000000000000';

const CREATED = '2026-01-01T00:00:00Z';
const step = { id: STEP, run_id: RUN, status: 'failed', total_tokens: 7 };

/** Each endpoint of a run, with its answer as Letta sends it, and the paths in GraphQL of what it tells. */
const ENDPOINTS = {
  steps: [`runs/${RUN}/steps`, [step], ['run.steps', 'run.usage', 'node.index', 'run.failure.step']],
  messages: [
    `runs/${RUN}/messages`,
    [{ id: MESSAGE, message_type: 'user_message', content: 'x', step_id: STEP }],
    ['run.messages', 'run.steps.nodes.0.messages', 'node.messages', 'run.failure.toolError'],
  ],
  metrics: [
    `runs/${RUN}/metrics`,
    { run_start_ns: 1_764_000_000_123_456_000, run_ns: 5, num_steps: 1, tools_used: ['tool-1'] },
    ['run.metrics', 'run.totalDurationNs'],
  ],
  agent: [`agents/${AGENT}`, { id: AGENT, name: 'Ada', tags: ['x'] }, ['run.agent.name', 'run.agent.tags']],
  conversation: [
    `conversations/${CONVERSATION}`,
    { id: CONVERSATION, agent_id: AGENT, created_at: CREATED, summary: 'x' },
    ['run.conversation'],
  ],
  step: [`steps/${STEP}`, step, ['node']],
  timing: [
    `steps/${STEP}/metrics`,
    { step_start_ns: 1_764_000_000_123_456_000, step_ns: 9, llm_request_ns: 5, tool_execution_ns: null },
    ['run.steps.nodes.0.timing'],
  ],
  run: [
    `runs/${RUN}`,
    {
      id: RUN,
      agent_id: AGENT,
      conversation_id: CONVERSATION,
      created_at: CREATED,
      status: 'failed',
      metadata: { error: 'boom' },
    },
    [],
  ],
} satisfies Record<string, readonly [path: string, answer: unknown, tells: readonly string[]]>;
/** What an agent waits for is read for approvals alone. */
const { agentApprovals: _ofApprovals, ...OF_RUNS } = ITEMS;
type Endpoint = Exclude<keyof typeof ENDPOINTS, 'run'>;
const NAMES = Object.keys(ENDPOINTS).filter((name): name is Endpoint => name !== 'run');

const EVERYTHING = `{
  run(id: "${RUN}") {
    id
    status
    totalDurationNs
    steps { nodes { id index totalTokens messages { id } timing { startedAt totalNs modelNs toolNs } } }
    usage { totalTokens stepCount }
    messages { nodes { id messageType ... on RunUserMessage { text } } }
    metrics { startedAt durationNs stepCount toolIds }
    agent { id name tags }
    conversation { id summary }
    failure { message step { id } toolError { message } }
  }
  node(id: "${STEP}") { id ... on RunStep { status index messages { id } } }
}`;
const message = { id: `${MESSAGE}:0` };
const startedAt = '2025-11-24T16:00:00.123456Z';
const timing = { startedAt, totalNs: 9, modelNs: 5, toolNs: null };
const WHOLE = {
  run: {
    id: RUN,
    status: 'FAILED',
    totalDurationNs: 5,
    steps: { nodes: [{ id: STEP, index: 0, totalTokens: 7, messages: [message], timing }] },
    usage: { totalTokens: 7, stepCount: 1 },
    messages: { nodes: [{ ...message, messageType: 'USER_MESSAGE', text: 'x' }] },
    metrics: { startedAt, durationNs: 5, stepCount: 1, toolIds: ['tool-1'] },
    agent: { id: AGENT, name: 'Ada', tags: ['x'] },
    conversation: { id: CONVERSATION, summary: 'x' },
    failure: { message: 'boom', step: { id: STEP }, toolError: null },
  },
  node: { id: STEP, status: 'FAILED', index: 0, messages: [message] },
};

const answers = new Map<string, unknown>(
  Object.values(ENDPOINTS).map(([path, answer]) => [`/v1/${path}`, answer]),
);
const opened = await forAll(
  openGatewayOver(({ path }) => {
    const body = answers.get(path);
    return body === undefined ? status(404) : { body };
  }),
);

const failing =
  (endpoint: Endpoint, answer: Fault['answer']): Script =>
  ({ path }, next) =>
    path === `/v1/${ENDPOINTS[endpoint][0]}` ? answer : next();

/** The answer without what some paths lead to. */
function without(paths: readonly string[]): unknown {
  const rest = structuredClone<object>(WHOLE);
  for (const path of paths) {
    const keys = path.split('.');
    const last = keys.pop() ?? '';
    const parent = keys.reduce<unknown>((at, key) => Reflect.get(Object(at), key), rest);
    if (typeof parent === 'object' && parent !== null) Reflect.set(parent, last, null);
  }
  return rest;
}

const named = (...names: readonly string[]): readonly Fault[] =>
  FAULTS.filter(({ name }) => names.includes(name));
const INVALID = 'UPSTREAM_INVALID_RESPONSE';
const invalid = (name: string, body: unknown) => ({ name, code: INVALID, answer: { body } });

/** What is an error for every endpoint, and what has the wrong shape for some. */
const COMMON = [
  ...named('401', '404 for the list', '500', 'silence', 'a reset', 'half a JSON', 'a text', 'null'),
  invalid('JSON with NaN', `[{"id":"${SECRET}","total_tokens":NaN}]`),
  invalid('a number of 64 bits', '9223372036854775807'),
];
const ROWS = ['1', 'null', '"x"', '[]', '9223372036854775807'].map((row) => invalid(`[${row}]`, `[${row}]`));
const OBJECT = invalid('an object', { detail: SECRET });
const LIST = invalid('a list', [SECRET]);
const malformed = (body: unknown) => invalid('a malformed field', body);
const OTHER = [LIST, invalid('no id', { name: SECRET }), invalid('another one', { id: SECRET })];
const SHAPES: Readonly<Record<Endpoint, readonly ReturnType<typeof invalid>[]>> = {
  steps: [
    ...ROWS,
    OBJECT,
    malformed([{ ...step, tags: 5 }]),
    invalid('the same step twice', [step, { ...step, tags: [SECRET] }]),
  ],
  messages: [...ROWS, OBJECT],
  metrics: [LIST, malformed({ run_ns: 'x' })],
  agent: [...OTHER, malformed({ id: AGENT, name: 5 })],
  conversation: [...OTHER, malformed({ id: CONVERSATION, agent_id: 5, created_at: CREATED })],
  step: [...OTHER, malformed({ ...step, tags: 5 })],
  timing: [LIST, malformed({ step_ns: 'x' })],
};

describe('A run of which one endpoint fails', () => {
  it('is whole if nothing fails', async () => {
    expect(await opened.execute(EVERYTHING)).toEqual({ data: WHOLE });
    expect(Object.keys(ENDPOINTS)).toEqual(expect.arrayContaining(Object.keys({ ...OF_RUNS, ...RUN_ITEMS })));
  });

  it.each(
    NAMES.flatMap((endpoint) => [...COMMON, ...SHAPES[endpoint]].map((fault) => ({ endpoint, ...fault }))),
  )('has all but what $endpoint tells, which fails by $name', async ({ endpoint, name, code, answer }) => {
    const clock = stopClock();
    opened.upstream.script = failing(endpoint, answer);
    const authorization = `Bearer ${endpoint} ${name}`;
    const { data, errors = [] } = await clock.until(
      opened.execute<unknown>(EVERYTHING, {}, { authorization }),
    );
    const tells: readonly string[] = ENDPOINTS[endpoint][2];
    const isAbsent =
      name.startsWith('404') && ['metrics', 'conversation', 'step', 'timing'].includes(endpoint);
    expect(data).toEqual(without(tells));
    expect(errors.map(({ path = [] }) => path.join('.')).toSorted()).toEqual(
      isAbsent ? [] : tells.toSorted(),
    );
    for (const { extensions } of errors) {
      expect(extensions).toMatchObject({ code, requestId: expect.any(String) });
    }
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`${SECRET}|upstream\\.test`));
  });
});

const idOf = (n: number) => RUN.replace(/..$/, String(99 - n));
const runs = Array.from({ length: 40 }, (_, n) => ({
  ...ENDPOINTS.run[1],
  id: idOf(n),
  agent_id: AGENT.replace(/..$/, String(n).padStart(2, '0')),
  created_at: `2026-01-01T00:00:${59 - n}Z`,
}));
it.each([
  ['messages', /\/messages$/, 'messages { nodes { id } }', { messages: null }],
  ['agents', /\/agents\//, 'agent { name }', { agent: { name: null } }],
])(
  'Where the API answers 500 for parts of 40 runs, each is asked for once, and other requests go on: %s',
  async (_name, part, selection, shown) => {
    const { gateway, upstream } = opened;
    upstream.script = ({ path }) => {
      if (part.test(path)) return status(500);
      return { body: path === '/v1/runs/' ? runs : ENDPOINTS.metrics[1] };
    };
    for (let time = 0; time < 2; time++) {
      upstream.requests.length = 0;
      const query = `{ runs(first: 40) { nodes { ${selection} metrics { stepCount } } } }`;
      const { data, errors } = await execute(gateway, query);
      const nodes = Array.from({ length: 40 }, () => ({ ...shown, metrics: { stepCount: 1 } }));
      expect(data).toEqual({ runs: { nodes } });
      expect(errors?.map(({ extensions }) => extensions?.['code'])).toEqual(Array(40).fill('UPSTREAM_ERROR'));
      expect(upstream.requests.filter(({ path }) => part.test(path))).toHaveLength(40);
    }
  },
);
