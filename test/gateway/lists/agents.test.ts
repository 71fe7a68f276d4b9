import { assertObjectType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../../src/schema/index.ts';
import { seedAgent } from '../../support/agents.ts';
import { answersOfRuns } from '../../support/answers.ts';
import type { Answer } from '../../support/execute.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';

const ID = 'agent-aaaaaaaa-0000-4000-8000-000000000000';
const SENT = {
  ...JSON.parse(
    `{"id":"${ID}","name":"Ops \\"bot\\" ✓","description":"line\\nbreak","agent_type":"memgpt_v2_agent","model":"openai/gpt-4o","tags":["b","a",""],"created_at":"2025-01-01T00:00:00.000001Z","updated_at":"2025-01-01T00:00:00","last_run_completion":"2025-01-03T00:00:00+00:00","last_run_duration_ms":-2147483648,"last_stop_reason":"requires_approval","timezone":"Europe/Berlin"}`,
  ),
  llm_config: { model: 'gpt-4o', handle: 'openai/gpt-4o' },
  system: 'secret prompt',
  metadata: { key: 'secret' },
  secrets: [{ value: 'secret' }],
};
const SHOWN = JSON.parse(
  `{"id":"${ID}","name":"Ops \\"bot\\" ✓","description":"line\\nbreak","agentType":"memgpt_v2_agent","model":"openai/gpt-4o","tags":["b","a",""],"createdAt":"2025-01-01T00:00:00.000001Z","updatedAt":"2025-01-01T00:00:00Z","lastRunCompletedAt":"2025-01-03T00:00:00+00:00","lastRunDurationMs":-2147483648,"lastStopReason":"REQUIRES_APPROVAL","rawLastStopReason":"requires_approval","timezone":"Europe/Berlin"}`,
);
const ALL = Object.keys(SHOWN).join(' ');

/** An agent as it is answered by its id, and in a list. */
async function show(agent: object, selection = ALL) {
  const answers = { [`/v1/agents/${ID}`]: agent, '/v1/agents/': [agent] };
  await using open = await openGatewayOver(answersOfRuns(0, answers));
  return open.execute<{ node: unknown; agents: { nodes: readonly unknown[] } | null }>(
    `{ node(id: "${ID}") { ... on Agent { ${selection} } } agents { nodes { ${selection} } } }`,
  );
}
const both = (shown: object): Answer<unknown> => ({ data: { node: shown, agents: { nodes: [shown] } } });

describe('Agent', () => {
  it('shows what the API sends, but for prompts, configurations and secrets', async () => {
    expect(await show(SENT)).toEqual(both(SHOWN));
    const fields = Object.keys(assertObjectType(schema.getType('Agent')).getFields());
    expect(fields.toSorted()).toEqual([...Object.keys(SHOWN), 'runs', 'defaultConversation'].toSorted());
  });

  it('is null in each field that another server does not send', async () => {
    const nothing = Object.fromEntries(Object.keys(SHOWN).map((name) => [name, null]));
    const agent = {
      id: ID,
      name: 'New',
      created_at: SENT.created_at,
      last_stop_reason: 'bored',
      brand_new: 1,
    };
    expect(await show(agent)).toEqual(
      both({
        ...nothing,
        id: ID,
        name: 'New',
        createdAt: SENT.created_at,
        lastStopReason: 'UNRECOGNIZED',
        rawLastStopReason: 'bored',
      }),
    );
  });

  it.each([{ name: 5 }, { tags: [null] }, { updated_at: 'today' }])(
    'is an error if the API sends %j',
    async (odd) => {
      const { data, errors = [] } = await show({ ...SENT, ...odd });
      expect(data).toEqual({ node: null, agents: null });
      expect(errors.map(({ path = [] }) => path.join('.')).toSorted()).toEqual(['agents', 'node']);
      for (const { extensions } of errors) expect(extensions?.['code']).toBe('UPSTREAM_INVALID_RESPONSE');
    },
  );

  it('has no lastRunDurationMs beyond 32 bits', async () => {
    const shown = { ...SHOWN, lastRunDurationMs: null };
    expect(await show({ ...SENT, last_run_duration_ms: 2147483648 })).toEqual(both(shown));
  });
});

it('Query.agent is null for an id that the API refuses, and an error for a parameter that it refuses', async () => {
  let place = 'path';
  await using open = await openGatewayOver(() => ({
    status: 422,
    body: { detail: [{ loc: [place, 'x'] }] },
  }));
  const ask = () => open.execute(`{ agent(id: "${ID}") { name } }`);
  expect(await ask()).toEqual({ data: { agent: null } });
  place = 'query';
  expect((await ask()).errors?.[0]?.extensions).toMatchObject({ code: 'UPSTREAM_REJECTED' });
});

it('AGENTS=stub leaves all of agents but their ids and runs out of the schema', async () => {
  await using open = await openGateway({ agents: [seedAgent(ID)], config: { agents: 'stub' } });
  const unknown = await open.execute('{ agents { nodes { id } } }');
  expect(unknown.errors?.[0]?.message).toContain('Cannot query field "agents" on type "Query"');
  const entities = `_entities(representations: [{ __typename: "Agent", id: "${ID}" }]) { ... on Agent { id runs { nodes { id } } } }`;
  const { data } = await open.execute(`{ ${entities} _service { sdl } }`);
  expect(data).toMatchObject({ _entities: [{ id: ID, runs: { nodes: [] } }] });
  expect(JSON.stringify(data)).not.toMatch(/AgentConnection|AgentEdge|agents\(|agent\(/);
});
