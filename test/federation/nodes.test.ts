import { beforeAll, beforeEach, expect, it } from 'vitest';
import { createGateway, type Gateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { agentId } from './agent-runs.ts';
import { type SlowUpstream, startSlowUpstream } from './slow-upstream.ts';

const knownRun = (number: number) => `run-${String(number).padStart(8, '0')}-0000-4000-8000-000000000000`;
/** The upstream below does not have those that end in these letters. */
const strangeRun = (number: number) => knownRun(number).replace(/0{4}$/, 'dead');
const strangeAgent = (number: number) => agentId(number).replace(/0{4}$/, 'dead');

let upstream: SlowUpstream;
let gateway: Gateway;
beforeAll(async () => {
  upstream = await startSlowUpstream(5, (id) => !id.endsWith('dead'));
  gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
  return async () => {
    await gateway[Symbol.asyncDispose]();
    await upstream[Symbol.asyncDispose]();
  };
});
beforeEach(() => upstream.forget());

const ASK = 'query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id ... on Run { status } } }';
type Nodes = { readonly nodes: readonly (object | null)[] };
const askNodes = (ids: readonly string[]) => execute<Nodes, object>(gateway, ASK, { ids });

const RUBBISH = [
  '',
  ' ',
  'run-',
  'run',
  'agent-',
  `${knownRun(1)} `,
  knownRun(1).toUpperCase(),
  'run-12345678/metrics',
  'run-12345678?x=1',
  'run-12345678%2F..',
  'step-',
  'MQ==',
  '0',
];

/** Three quarters of `UPSTREAM_MAX_IN_FLIGHT`, less what another operation may take. */
const MOST_AT_ONCE = 56;

/** On a busy machine fewer may be in flight, but never more. */
function expectConcurrent(kind: 'runs' | 'agents'): void {
  expect(upstream.mostAtOnce(kind)).toBeGreaterThan(1);
  expect(upstream.mostAtOnce(kind)).toBeLessThanOrEqual(MOST_AT_ONCE);
}

function expectedNode(id: string): object | null {
  if (/^agent-[0-9]{8}-.{14}-0{12}$/.test(id)) return { __typename: 'Agent', id };
  return /^run-[0-9]{8}-.{14}-0{12}$/.test(id) ? { __typename: 'Run', id, status: 'COMPLETED' } : null;
}

it('nodes of 500 ids answers in their order, looking up each run and each agent once and not all of each at a time', async () => {
  const ids = Array.from({ length: 500 }, (_, place) => {
    // The numbers repeat after a while, each kind at its own pace.
    switch (place % 5) {
      case 0:
        return strangeRun(place % 70);
      case 1:
        return place % 2 === 0 ? agentId(place % 90) : strangeAgent(place % 90);
      case 2:
        return RUBBISH[place % RUBBISH.length] ?? '';
      default:
        return knownRun(place % 110);
    }
  });
  const { data, errors } = await askNodes(ids);
  expect(errors).toBeUndefined();
  expect(data?.nodes).toEqual(ids.map(expectedNode));
  const possible = new Set(ids.filter((id) => /^(?:run|agent)-\d{8}-[\d-]{15}[\da-f]{12}$/.test(id)));
  const pathOf = (id: string) =>
    id.startsWith('run-') ? `/v1/runs/${id}` : `/v1/agents/${id}?include=agent.tags`;
  expect(upstream.paths.toSorted()).toEqual([...possible].map(pathOf).toSorted());
  console.log(`nodes of 500 ids: ${upstream.paths.length} look-ups`);
  for (const kind of ['runs', 'agents'] as const) expectConcurrent(kind);
});

it('what cannot be an id is null without a request', async () => {
  expect(await askNodes(RUBBISH)).toEqual({ data: { nodes: RUBBISH.map(() => null) } });
  expect(upstream.paths).toEqual([]);
});

it('nodes, node and run of one operation look up the same run once', async () => {
  const id = knownRun(1);
  const { data } = await execute(
    gateway,
    `{ node(id: "${id}") { id } nodes(ids: ["${id}", "${id}"]) { id } run(id: "${id}") { id } again: run(id: "${id}") { id } }`,
  );
  expect(data).toEqual({ node: { id }, nodes: [{ id }, { id }], run: { id }, again: { id } });
  expect(upstream.paths).toEqual([`/v1/runs/${id}`]);
});

it('the durations of 100 runs are asked for 16 at a time, after the runs', async () => {
  const ids = Array.from({ length: 100 }, (_, number) => knownRun(number));
  const durations = 'query ($ids: [ID!]!) { nodes(ids: $ids) { ... on Run { totalDurationNs } } }';
  const { data } = await execute<Nodes, object>(gateway, durations, { ids });
  expect(data?.nodes).toEqual(ids.map(() => ({ totalDurationNs: 7 })));
  expect(upstream.paths.filter((path) => path.endsWith('/metrics'))).toHaveLength(100);
  expect(upstream.paths).toHaveLength(200);
  expectConcurrent('runs');
});

it('agents that become known one after the other are looked up 16 at a time as well', async () => {
  const agents = Array.from({ length: 200 }, (_, number) => agentId(number));
  const runs = Array.from({ length: 40 }, (_, number) => knownRun(1000 + number));
  const { data, errors } = await execute<{ runs: readonly object[] }, object>(
    gateway,
    `query ($agents: [ID!]!, $runs: [ID!]!) {
       nodes(ids: $agents) { id }
       runs: nodes(ids: $runs) { ... on Run { agent { id model } } }
     }`,
    { agents, runs },
  );
  expect(errors).toBeUndefined();
  expect(data?.runs).toEqual(
    runs.map((id) => ({ agent: { id: id.replace('run-', 'agent-'), model: null } })),
  );
  expect(upstream.paths).toHaveLength(200 + 40 + 40);
  expectConcurrent('agents');
});

it('nodes takes 1,000 ids and no more', async () => {
  const ids = Array.from({ length: 1001 }, (_, number) => agentId(number));
  expect((await askNodes(ids.slice(1))).data?.nodes).toHaveLength(1000);
  const { errors } = await askNodes(ids);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } }]);
});
