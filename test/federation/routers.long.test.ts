import { beforeAll, describe, expect, it } from 'vitest';
import { nameOf } from '../support/agents.ts';
import { startTestGateway, type TestGateway } from '../support/test-gateway.ts';
import { agentId, agentIds, newest, runsOf, shuffledRuns } from '../support/agent-runs.ts';
import { createCatalog, createNotes, displayNameOf, noteText } from './neighbours.ts';
import { ROUTERS, type Router } from './routers.ts';

const AGENTS = 100;
const FAVORITES = agentIds(AGENTS);
const runs = shuffledRuns(5000, AGENTS, 1);
const newestId = (agent: string) => newest(runs, agent, 1)[0] ?? '';
const pinned = runs.find(({ run_ns, total_duration_ns }) => run_ns !== null && run_ns !== total_duration_ns);
const durationOf = (run: typeof pinned) => run?.run_ns ?? run?.total_duration_ns ?? null;

const FAVORITE_RUNS = `{
  favoriteAgents { displayName runs(first: 3) { nodes { id notes { text } } pageInfo { hasNextPage } } }
}`;

const favoriteRuns = (all: typeof runs, favorites: readonly string[]) =>
  favorites.map((agent) => ({
    displayName: displayNameOf(agent),
    runs: {
      nodes: newest(all, agent, 3).map((id) => ({ id, notes: [{ text: noteText(id) }] })),
      pageInfo: { hasNextPage: newest(all, agent, 4).length > 3 },
    },
  }));

describe.each(ROUTERS)('Through %s', (name, start, supergraphSdl) => {
  let test: TestGateway;
  let router: Router;

  const startRouter = (over: TestGateway, pinnedRun = pinned?.id ?? null, favoriteAgents = FAVORITES) =>
    start(supergraphSdl, {
      runs: over.gateway.fetch,
      catalog: createCatalog(),
      notes: createNotes({ favoriteAgents, pinnedRun }),
    });

  beforeAll(async () => {
    test = await startTestGateway({ runs });
    router = await startRouter(test);
    return async () => {
      await router[Symbol.asyncDispose]();
      await test[Symbol.asyncDispose]();
    };
  });

  /** The answer, and how many requests it took upstream. */
  async function ask(query: string) {
    test.upstreamRequests.length = 0;
    const answer = await router.execute(query);
    return { ...answer, requests: test.upstreamRequests.length };
  }

  it('a page of runs with the notes on them takes one request', async () => {
    const agent = agentId(7);
    expect(
      await ask(`{ runs(first: 4, agentId: "${agent}") { nodes { id agentId notes { text } } } }`),
    ).toEqual({
      data: {
        runs: {
          nodes: newest(runs, agent, 4).map((id) => ({
            id,
            agentId: agent,
            notes: [{ text: noteText(id) }],
          })),
        },
      },
      requests: 1,
    });
  });

  it('the newest runs of a hundred favorite agents take at most two requests', async () => {
    const { data, errors, requests } = await ask(FAVORITE_RUNS);
    expect(errors).toBeUndefined();
    expect(data).toEqual({ favoriteAgents: favoriteRuns(runs, FAVORITES) });
    expect(requests).toBeLessThanOrEqual(2);
  });

  it('the newest runs of agents of whom one owns almost everything are right', async () => {
    const skewed = runsOf(Array.from({ length: 3000 }, (_, place) => (place < 90 ? place % 30 : 0)));
    await using over = await startTestGateway({ runs: skewed });
    const favorites = agentIds(30);
    await using own = await startRouter(over, null, favorites);
    expect(await own.execute(FAVORITE_RUNS)).toEqual({
      data: { favoriteAgents: favoriteRuns(skewed, favorites) },
    });
    console.log(
      `${name}: ${over.upstreamRequests.length} requests for 30 agents, one of whom owns 2,913 runs`,
    );
    expect(over.upstreamRequests.length).toBeLessThanOrEqual(30);
  });

  it('a run that another subgraph points to takes one look-up', async () => {
    expect(await ask('{ pinnedRun { id status } }')).toEqual({
      data: { pinnedRun: { id: pinned?.id, status: pinned?.status.toUpperCase() } },
      requests: 1,
    });
  });

  it('such a run has the duration that lists show, for one request more', async () => {
    expect(await ask('{ pinnedRun { totalDurationNs } }')).toEqual({
      data: { pinnedRun: { totalDurationNs: durationOf(pinned) } },
      requests: 2,
    });
  });

  it('fields of one agent come from both subgraphs, below a run of a third field', async () => {
    const agent = pinned?.agent_id ?? '';
    expect(await ask('{ pinnedRun { agent { displayName runs(first: 1) { nodes { id } } } } }')).toEqual({
      data: {
        pinnedRun: {
          agent: { displayName: displayNameOf(agent), runs: { nodes: [{ id: newestId(agent) }] } },
        },
      },
      requests: 2,
    });
  });

  it('the names of a hundred agents that another subgraph knows take a request for each', async () => {
    const { data, errors, requests } = await ask('{ favoriteAgents { id name model displayName } }');
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      favoriteAgents: FAVORITES.map((id) => ({
        id,
        name: nameOf(id),
        model: 'openai/gpt-4o',
        displayName: displayNameOf(id),
      })),
    });
    expect(requests).toBe(AGENTS);
  });

  it("the neighbour's node and connection work as if ours did not exist", async () => {
    const answer = await ask(`{
      product: node(id: "product-1") { id ... on Product { name } ... on Run { status } }
      run: node(id: "${pinned?.id}") { id }
      products { edges { cursor } pageInfo { hasNextPage endCursor } }
    }`);
    expect(answer).toEqual({
      data: {
        product: { id: 'product-1', name: 'The product-1' },
        run: null,
        products: {
          edges: [{ cursor: 'product-1' }, { cursor: 'product-2' }],
          pageInfo: { hasNextPage: false, endCursor: null },
        },
      },
      requests: 0,
    });
  });

  it('a run that is gone leaves the rest of the answer', async () => {
    await using own = await startRouter(test, 'run-00000000-0000-4000-8000-00000000dead');
    const { data } = await own.execute('{ pinnedRun { id status } runs(first: 1) { nodes { id } } }');
    expect(data).toEqual({
      pinnedRun: null,
      runs: { nodes: [{ id: expect.stringMatching(/^run-/) }] },
    });
  });

  it('an argument that the subgraph refuses comes back with its code', async () => {
    const { data, errors } = await ask('{ runs(first: 1001) { nodes { id } } }');
    expect(data).toEqual({ runs: null });
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT' } }]);
  });
});
