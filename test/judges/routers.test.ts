import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { describe, expect, it } from 'vitest';
import { agentId, agentIds, evenRuns, newest, shuffledRuns } from '../support/agent-runs.ts';
import { nameOf } from '../support/agents.ts';
import { openGateway, type OpenGateway, type OpenGatewayOptions } from '../support/open-gateway.ts';
import { apollo, RUNS_SDL } from './composers.ts';
import { createCatalog, createNotes, displayNameOf, type Notes, noteText } from './neighbours.ts';
import { type Router, startRouter } from './routers.ts';

const GONE = 'run-00000000-0000-4000-8000-00000000dead';
const FAVORITES = agentIds(100);
const runs = shuffledRuns(2000, FAVORITES.length, 1);
const pinned = runs.find(({ run_ns, total_duration_ns }) => run_ns !== null && run_ns !== total_duration_ns);
const { id: pinnedRun = '', agent_id: owner = '', status = '' } = pinned ?? {};

describe('Through Hive Gateway in this process', () => {
  /** The router over our gateway and two neighbours. */
  async function open(notes: Notes, options: OpenGatewayOptions) {
    await using opening = new AsyncDisposableStack();
    const test: OpenGateway = opening.use(await openGateway(options));
    const own = { runs: async (request: Request) => test.gateway.fetch(request) };
    const router: Router = opening.use(
      await startRouter({ ...own, catalog: createCatalog(), notes: createNotes(notes) }),
    );
    const parts = opening.move();
    /** The answer, and how many requests it took upstream. */
    const ask = async (query: string) => {
      const before = test.upstream.requests.length;
      const answer = await router.execute(query);
      return { ...answer, requests: test.upstream.requests.length - before };
    };
    return { ...test, router, ask, [Symbol.asyncDispose]: () => parts.disposeAsync() };
  }

  it.each<[query: string, data: object, requests: number]>([
    [
      `{ runs(first: 4, agentId: "${agentId(7)}") { nodes { id agentId notes { text } } } }`,
      {
        runs: {
          nodes: newest(runs, agentId(7), 4).map((id) => ({
            id,
            agentId: agentId(7),
            notes: [{ text: noteText(id) }],
          })),
        },
      },
      1,
    ],
    ['{ pinnedRun { id status } }', { pinnedRun: { id: pinnedRun, status: status.toUpperCase() } }, 1],
    ['{ pinnedRun { totalDurationNs } }', { pinnedRun: { totalDurationNs: pinned?.run_ns } }, 2],
    [
      '{ pinnedRun { agent { displayName runs(first: 1) { nodes { id } } } } }',
      {
        pinnedRun: {
          agent: {
            displayName: displayNameOf(owner),
            runs: { nodes: newest(runs, owner, 1).map((id) => ({ id })) },
          },
        },
      },
      2,
    ],
    [
      '{ favoriteAgents { id name model displayName } }',
      {
        favoriteAgents: FAVORITES.map((id) => ({
          id,
          name: nameOf(id),
          model: 'openai/gpt-4o',
          displayName: displayNameOf(id),
        })),
      },
      FAVORITES.length,
    ],
    [
      `{ product: node(id: "product-1") { id ... on Product { name } } run: node(id: "${pinnedRun}") { id }
         products { edges { cursor } pageInfo { hasNextPage endCursor } } }`,
      {
        product: { id: 'product-1', name: 'The product-1' },
        run: null,
        products: {
          edges: [{ cursor: 'product-1' }, { cursor: 'product-2' }],
          pageInfo: { hasNextPage: false, endCursor: null },
        },
      },
      0,
    ],
  ])('%s comes from those who know it, by few requests', async (query, data, requests) => {
    await using test = await open({ favoriteAgents: FAVORITES, pinnedRun }, { runs });
    expect(await test.ask(query)).toEqual({ data, requests });
  });

  it('a run that is gone leaves the rest, and an argument that is refused keeps its code', async () => {
    await using test = await open({ pinnedRun: GONE }, { runs });
    const { data } = await test.ask('{ pinnedRun { id status } runs(first: 1) { nodes { id } } }');
    expect(data).toMatchObject({ pinnedRun: null, runs: { nodes: [{ id: expect.any(String) }] } });
    const refused = await test.ask('{ runs(first: 1001) { nodes { id } } }');
    expect(refused).toMatchObject({
      data: { runs: null },
      errors: [{ extensions: { code: 'BAD_USER_INPUT' } }],
    });
  });

  it('runs are cancelled one mutation after the other, and have what others know of them', async () => {
    const active = evenRuns(2, 1).map((run) => ({
      ...run,
      status: 'running' as const,
      stop_reason: null,
      completed_at: null,
    }));
    const [one = '', two = ''] = active.map(({ id }) => id);
    await using test = await open({}, { runs: active });
    const field = (...ids: readonly string[]) =>
      `cancelRuns(ids: ${JSON.stringify(ids)}) { runs { id status notes { text } } failures { runId code } }`;
    const answer = await test.ask(`mutation { first: ${field(one, GONE)} second: ${field(two, one)} }`);
    const cancelled = (id: string) => ({ id, status: 'CANCELLED', notes: [{ text: noteText(id) }] });
    expect(answer.data).toEqual({
      first: { runs: [cancelled(one), null], failures: [{ runId: GONE, code: 'NOT_FOUND' }] },
      second: { runs: [cancelled(two), cancelled(one)], failures: [{ runId: one, code: 'ALREADY_ENDED' }] },
    });
    expect(test.upstream.requests.filter(({ method }) => method === 'POST')).toHaveLength(2);
  });
});

it('Hive Gateway reads the prices in the SDL', async () => {
  await using runtime = createGatewayRuntime({
    supergraph: apollo([{ name: 'runs', sdl: RUNS_SDL }]).supergraphSdl ?? '',
    logging: false,
    demandControl: { includeExtensionMetadata: true, maxCost: 1e9 },
    transports: { http: { getSubgraphExecutor: () => () => ({ data: null }) } },
  });
  const estimate = async (query: string): Promise<unknown> => {
    const headers = { 'content-type': 'application/json' };
    const init = { method: 'POST', headers, body: JSON.stringify({ query }) };
    return (await (await runtime.fetch('http://router.test/graphql', init)).json()).extensions.cost.estimated;
  };
  const PAGE = (first: number, fields: string) => `{ runs(first: ${first}) { nodes { ${fields} } } }`;
  for (const [query, cost] of [
    ['{ run(id: "run-1") { status } }', 3],
    [PAGE(10, 'id'), 16],
    [PAGE(100, 'id'), 106],
    [PAGE(10, 'steps(first: 5) { nodes { id } }'), 96],
  ] as const)
    expect(await estimate(query), query).toBe(cost);
});
