import { expect, it } from 'vitest';
import { settle } from '../../support/clock.ts';
import { agentId, runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';

/** The upstream does not have those with these letters. */
const gone = (id: string) => id.replace('-8000-', '-dead-');

/** Of one operation. */
const MOST_AT_ONCE = 32;

/** A gateway over an upstream that knows runs and agents by their ids, and watches how many are asked for at once. */
async function open() {
  const atOnce = { runs: 0, agents: 0 };
  const most = { ...atOnce };
  const test = await openGatewayOver(async ({ path }) => {
    const kind = path.startsWith('/v1/agents/') ? 'agents' : 'runs';
    most[kind] = Math.max(most[kind], ++atOnce[kind]);
    // As long as it takes to ask for whatever else is asked for.
    await settle(5);
    atOnce[kind]--;
    const [, id = '', metrics] = /^\/v1\/(?:runs|agents)\/([^/]+)(\/metrics)?$/.exec(path) ?? [];
    if (id.includes('dead')) return { status: 404, body: {} };
    const agent_id = id.replace('run-', 'agent-');
    const run = { id, agent_id, created_at: '2025-03-30T00:00:00Z', status: 'completed' };
    return { body: metrics === undefined ? run : { id, run_ns: 7 } };
  });
  type Nodes = { readonly nodes: readonly (object | null)[] };
  const ask = (ids: readonly string[], fields = '__typename id ... on Run { status }') =>
    test.execute<Nodes>(`query ($ids: [ID!]!) { nodes(ids: $ids) { ${fields} } }`, { ids });
  const paths = () => test.upstream.requests.map(({ path }) => path);
  return { ...test, most, ask, paths };
}

const RUBBISH = ['', 'run-', 'agent-', `${runId(1)} `, runId(1).toUpperCase()].concat(
  ['/metrics', '?x=1', '%2F..'].map((end) => `run-12345678${end}`),
  ['step-', 'MQ==', '0'],
);

function expectedNode(id: string): object | null {
  if (/^agent-0{8}-0000-4000-8000-/.test(id)) return { __typename: 'Agent', id };
  return /^run-0{8}-0000-4000-8000-\d{12}$/.test(id) ? { __typename: 'Run', id, status: 'COMPLETED' } : null;
}

it('Query.nodes answers 500 ids in their order, by one look-up each, at most 32 at a time', async () => {
  await using test = await open();
  // The numbers repeat after a while, each kind at its own pace.
  const KINDS = [
    (place: number) => gone(runId(place % 70)),
    (place: number) => (place % 2 === 0 ? agentId(place % 90) : gone(agentId(place % 90))),
    (place: number) => RUBBISH[place % RUBBISH.length] ?? '',
    (place: number) => runId(place % 110),
    (place: number) => runId(place % 110),
  ];
  const ids = Array.from({ length: 500 }, (_, place) => KINDS[place % 5]?.(place) ?? '');
  expect(await test.ask(ids)).toEqual({ data: { nodes: ids.map(expectedNode) } });
  const possible = new Set(
    ids.filter((id) => /^(?:run|agent)-0{8}-0000-4000-(?:8000|dead)-\d{12}$/.test(id)),
  );
  const expected = [...possible].map((id) => `/v1/${id.startsWith('run-') ? 'runs' : 'agents'}/${id}`);
  expect(test.paths().toSorted()).toEqual(expected.toSorted());
  for (const most of Object.values(test.most)) {
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(MOST_AT_ONCE);
  }
});

it.each([
  ['durations', '... on Run { totalDurationNs }', { totalDurationNs: 7 }],
  ['agents', '... on Run { agent { model } }', { agent: { model: null } }],
])('The %s of 100 runs are asked for at most 32 at a time, too', async (_what, fields, node) => {
  await using test = await open();
  const ids = Array.from({ length: 100 }, (_, number) => runId(number));
  expect(await test.ask(ids, fields)).toEqual({ data: { nodes: ids.map(() => node) } });
  expect(test.paths()).toHaveLength(200);
  for (const most of Object.values(test.most)) expect(most).toBeLessThanOrEqual(MOST_AT_ONCE);
});

it('Query.nodes takes 1,000 ids and no more', async () => {
  await using test = await open();
  const ids = Array.from({ length: 1001 }, (_, number) => agentId(number));
  expect((await test.ask(ids.slice(1))).data?.nodes).toHaveLength(1000);
  const { errors } = await test.ask(ids);
  expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'ids' } }]);
});
