import { buildSubgraphSchema } from '@apollo/subgraph';
import { parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { expect, it } from 'vitest';
import { startTestGateway } from '../support/test-gateway.ts';
import { evenRuns } from '../support/agent-runs.ts';
import { RUNS_SDL, type Service, theGuild } from './composers.ts';
import { ROUTERS } from './routers.ts';

const SDL = `
  extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable"])
  type Run @key(fields: "id", resolvable: false) { id: ID! }
  type RunEdge @shareable { cursor: String! node: Run! }
  type RunStep @key(fields: "id", resolvable: false) { id: ID! }
  type Query { pinnedEdge: RunEdge slowestStep: RunStep }
`;

const services: readonly Service[] = [
  { name: 'runs', sdl: RUNS_SDL },
  { name: 'notes', sdl: SDL },
];

it.each([ROUTERS[0], ROUTERS[2]].flatMap((each) => (each === undefined ? [] : [each])))(
  'An edge and a step of another subgraph are filled in through %s',
  async (_name, start) => {
    const [run] = evenRuns(1, 1);
    if (run === undefined) throw new Error('There is no run');
    await using test = await startTestGateway({ runs: [run] });
    const step = { id: 'step-00000000-0000-4000-8000-000000000001', model: 'gpt-4o' };
    test.store.steps.insert([
      { ...step, created_at: '2026-01-01T00:00:00Z', run_id: run.id, agent_id: run.agent_id },
    ]);
    const schema = buildSubgraphSchema({
      typeDefs: parse(SDL),
      resolvers: {
        Query: {
          pinnedEdge: () => ({ cursor: 'theirs', node: { id: run.id } }),
          slowestStep: () => ({ id: step.id }),
        },
      },
    });
    const yoga = createYoga({ schema, logging: false, maskedErrors: false });
    await using router = await start(theGuild(services).supergraphSdl ?? '', {
      runs: test.gateway.fetch,
      notes: async (request) => yoga.fetch(request),
    });
    const query = '{ pinnedEdge { cursor node { agentId } } slowestStep { id model } }';
    expect(await router.execute(query)).toEqual({
      data: {
        pinnedEdge: { cursor: 'theirs', node: { agentId: run.agent_id } },
        slowestStep: { id: step.id, model: step.model },
      },
    });
  },
);
