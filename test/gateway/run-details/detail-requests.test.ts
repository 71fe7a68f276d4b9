import { expect, it } from 'vitest';
import { answersOfRuns, RUN } from '../../support/answers.ts';
import type { Answer } from '../../support/execute.ts';
import { forAll } from '../../support/for-all.ts';
import { runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

const FAILED = runId(1);
const answers = Array.from({ length: 100 }, (_, number) => {
  const id = runId(number);
  const step = { id: `step-${number}`, run_id: id };
  const message = { id: `message-${number}`, message_type: 'user_message', content: 'x', step_id: step.id };
  return {
    [`/v1/runs/${id}/steps`]: [step],
    [`/v1/runs/${id}/messages`]: [message, message],
    [`/v1/runs/${id}/metrics`]: { num_steps: 1 },
    [`/v1/steps/${step.id}`]: step,
    [`/v1/steps/${step.id}/metrics`]: { step_ns: 1 },
  };
});
const agents = ['agent-1', 'agent-2'].map((id) => ({ [`/v1/agents/${id}`]: { id } }));
const failed = { id: FAILED, agent_id: 'agent-1', status: 'failed', created_at: '2026-01-01T00:00:00Z' };
const others = [...agents, { [`/v1/runs/${FAILED}`]: failed }];
const open = await forAll(openGatewayOver(answersOfRuns(100, Object.assign({}, ...answers, ...others))));

/** How often something of each kind is asked for, such as `{ list: 1, steps: 50 }`. */
type Requests = Readonly<
  Partial<Record<'list' | 'run' | 'steps' | 'messages' | 'metrics' | 'agent' | 'step' | 'timing', number>>
>;

const KINDS: readonly (readonly [RegExp, keyof Requests])[] = [
  [/^\/v1\/runs\/\?/, 'list'],
  [/^\/v1\/runs\/[^/]+$/, 'run'],
  [/^\/v1\/runs\/[^/]+\/steps\?/, 'steps'],
  [/^\/v1\/runs\/[^/]+\/messages\?/, 'messages'],
  [/^\/v1\/runs\/[^/]+\/metrics$/, 'metrics'],
  [/^\/v1\/agents\//, 'agent'],
  [/^\/v1\/steps\/[^/]+$/, 'step'],
  [/^\/v1\/steps\/[^/]+\/metrics$/, 'timing'],
];

function kindOf(path: string): keyof Requests {
  const [, kind] = KINDS.find(([pattern]) => pattern.test(path)) ?? [];
  if (kind === undefined) throw new Error(`Unexpected: ${path}`);
  return kind;
}

const run = (selection: string) => `{ run(id: "${RUN}") { ${selection} } }`;
const runs = (count: number, selection: string) => `{ runs(first: ${count}) { nodes { ${selection} } } }`;
const STEPS = 'steps(first: 5) { nodes { id } }';
const STEP_MESSAGES = 'steps(first: 5) { nodes { messages { id } } }';
const TIMED = { run: 1, steps: 1, timing: 1 };
const MESSAGES = 'messages(first: 5) { nodes { id } }';
const USAGE = 'usage { totalTokens }';
const METRICS = 'metrics { stepCount }';
const FAILURE = 'failure { message code source step { id } }';
const AGENTS = 'query ($of: [_Any!]!) { _entities(representations: $of) { ... on Agent { id } } }';
const AGENT = 'id name description agentType model tags createdAt updatedAt lastRunCompletedAt timezone';
const of = ['agent-1', 'agent-2'].map((id) => ({ __typename: 'Agent', id }));

/** A run costs 2, a list 5, a part of a run 2, an item 1, 25 of them if no number is given; an agent or a step 2. */
const TABLE: readonly (readonly [name: string, query: string, requests: Requests, cost: number])[] = [
  ['one run', run('id status'), { run: 1 }, 2],
  ['usage', run(USAGE), { run: 1, steps: 1 }, 2 + 2],
  // The messages of a step, four of them, pay for the request as well.
  ['messages of steps', run(STEP_MESSAGES), { run: 1, steps: 1, messages: 1 }, 2 + 2 + 5 * (1 + 4)],
  [
    'steps, messages, and those of steps',
    run(`${STEP_MESSAGES} ${MESSAGES}`),
    { run: 1, steps: 1, messages: 1 },
    2 + (2 + 5 * (1 + 4)) + (2 + 5),
  ],
  ['timing of steps', run('steps(first: 5) { nodes { timing { totalNs } } }'), TIMED, 2 + 2 + 5 * (1 + 2)],
  [
    'names of tools',
    run('steps(first: 5) { nodes { toolNames } }'),
    { run: 1, steps: 1, messages: 1 },
    2 + 2 + 5 * (1 + 2),
  ],
  [
    'everything',
    run(`${STEPS} ${USAGE} ${MESSAGES} ${METRICS} totalDurationNs`),
    { run: 1, steps: 1, messages: 1, metrics: 1 },
    2 + (2 + 5) + (2 + 5) + 2,
  ],
  ['what is skipped', run('id usage @skip(if: true) { totalTokens }'), { run: 1 }, 2],
  ['50 runs', runs(50, 'id status totalDurationNs agentId'), { list: 1 }, 5 + 50],
  [
    '50 runs with everything',
    runs(50, `${STEPS} ${USAGE} ${MESSAGES} ${METRICS}`),
    { list: 1, steps: 50, messages: 50, metrics: 50 },
    5 + 50 * (1 + 2 + 5 + 2 + 5 + 2),
  ],
  [
    'the same runs twice',
    `{ a: ${runs(50, USAGE).slice(1, -1)} b: ${runs(50, STEPS).slice(1, -1)} }`,
    { list: 1, steps: 50 },
    2 * (5 + 50 * (1 + 2)) + 50 * 5,
  ],
  ['why it failed', `{ run(id: "${FAILED}") { ${FAILURE} } }`, { run: 1, steps: 1 }, 2 + 2 + 1],
  [
    'its last error of a tool',
    `{ run(id: "${FAILED}") { ${STEPS} ${MESSAGES} failure { code toolError { message } } } }`,
    { run: 1, steps: 1, messages: 1 },
    2 + (2 + 5) + (2 + 5) + 2,
  ],
  ['why none of 50 runs failed', runs(50, FAILURE), { list: 1 }, 5 + 50 * (1 + 2 + 1)],
  ['entities', AGENTS, {}, 2 * 2],
  [
    'ids and runs of an agent',
    run('agent { id runs(first: 2) { nodes { id } } }'),
    { run: 1, list: 1 },
    2 + 1 + 5 + 2,
  ],
  [
    'one agent of many runs, in all places and ways',
    `{ runs(first: 9) { nodes { agent { ${AGENT} } again: agent { n: name m: name } } edges { node { agent { ${AGENT} } } } }
       node(id: "agent-1") { id ... on Agent { tags } } nodes(ids: ["agent-1"]) { id } run(id: "${RUN}") { agent { name } } }`,
    { list: 1, agent: 1, run: 1 },
    122,
  ],
  ['an agent that is skipped', runs(9, 'agent { id name @skip(if: true) }'), { list: 1 }, 5 + 9 * (1 + 1)],
  ['a node that there is not', '{ node(id: "agent-9") { id } }', { agent: 1 }, 2],
  ['a step', '{ node(id: "step-0") { ... on RunStep { id status } } }', { step: 1 }, 2],
  // The run says which types of messages it was started with.
  [
    'a step with its place and messages',
    '{ node(id: "step-0") { ... on RunStep { index messages { id } } } }',
    { step: 1, run: 1, steps: 1, messages: 1 },
    2 + 2 + 4,
  ],
  [
    'a step with its timing',
    '{ node(id: "step-0") { ... on RunStep { timing { totalNs } } } }',
    { step: 1, timing: 1 },
    2 + 2,
  ],
];

it.each(TABLE)('The upstream requests and the cost of %s', async (_name, query, requests, cost) => {
  open.upstream.requests.length = 0;
  const variables = query === AGENTS ? { of } : undefined;
  const answer: Answer<object> & { extensions?: unknown } = await open.execute<object>(query, variables, {
    'graphql-cost-debug': '1',
  });
  const { urls } = open.upstream;
  expect(answer.errors).toBeUndefined();
  const counted = [...Map.groupBy(urls, kindOf)].map(([kind, some]) => [kind, some.length]);
  expect(Object.fromEntries(counted)).toEqual(requests);
  // None is made twice, and none is free.
  expect(new Set(urls).size).toBe(urls.length);
  expect(answer.extensions).toMatchObject({ cost: { estimated: cost } });
  expect(cost).toBeGreaterThanOrEqual(2 * urls.length);
});

it('Run.steps and Run.messages are requested behind the run itself', async () => {
  open.upstream.requests.length = 0;
  await open.execute(run(`${STEPS} ${MESSAGES}`));
  expect(open.upstream.urls.map(kindOf)).toEqual(['run', 'steps', 'messages']);
});
