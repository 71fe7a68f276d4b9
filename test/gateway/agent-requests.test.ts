import { beforeAll, describe, expect, it } from 'vitest';
import { execute } from '../support/execute.ts';
import { type OpenGateway, openGateway } from '../support/open-gateway.ts';
import { AGENT_IDS, randomRuns } from '../support/random-runs.ts';

/** Runs of three agents. */
const runs = randomRuns(60, 5);
const [A = '', B = '', C = ''] = AGENT_IDS;
const NOBODY = 'agent-dddddddd-0000-4000-8000-000000000000';
const RUN = runs.find((run) => run.agent_id === A)?.id ?? '';
const ALL = 'id name description agentType model tags createdAt updatedAt lastRunCompletedAt timezone';

let open: OpenGateway;
beforeAll(async () => {
  open = await openGateway({ runs });
  return () => open[Symbol.asyncDispose]();
});

/** What an operation asks upstream for: the ids of the agents, and how many other requests. */
async function asked(query: string, variables: object = {}) {
  open.upstream.requests.length = 0;
  const { data, errors } = await execute<Record<string, unknown>, object>(open.gateway, query, variables);
  expect(errors).toBeUndefined();
  const agents = open.upstream.urls.filter((path) => path.startsWith('/v1/agents/'));
  return {
    data,
    agents: agents.map((path) => path.replace(/^\/v1\/agents\/(.*)\?include=agent\.tags$/, '$1')).toSorted(),
    others: open.upstream.urls.length - agents.length,
  };
}

describe('Agents are looked up', () => {
  it.each<[string, string, readonly string[], number]>([
    ['not for their ids', '{ runs { nodes { id agentId agent { id __typename } } } }', [], 1],
    ['not for their runs', `{ run(id: "${RUN}") { agent { id runs(first: 2) { nodes { id } } } } }`, [], 2],
    ['not for a field that is skipped', '{ runs { nodes { agent { id name @skip(if: true) } } } }', [], 1],
    ['once each for one field of many runs', '{ runs { nodes { agent { name } } } }', [A, B, C], 1],
    [
      'once each for all fields in all places',
      `{ runs { nodes { agent { ${ALL} } again: agent { n: name m: name } } edges { node { agent { ${ALL} } } } }
         few: runs(first: 60, order: ASC) { nodes { status agent { lastStopReason rawLastStopReason lastRunDurationMs } } } }`,
      [A, B, C],
      2,
    ],
    ['once for a node and its fields', `{ node(id: "${A}") { ... on Agent { ${ALL} } } }`, [A], 0],
    ['once for a node that there is not', `{ node(id: "${NOBODY}") { id } }`, [NOBODY], 0],
    [
      'once for all ways that lead to one',
      `{ node(id: "${A}") { id ... on Agent { tags } } nodes(ids: ["${A}"]) { id } run(id: "${RUN}") { agent { name } } }`,
      [A],
      1,
    ],
  ])('%s', async (_name, query, agents, others) => {
    expect(await asked(query)).toMatchObject({ agents: [...agents].toSorted(), others });
  });
});
