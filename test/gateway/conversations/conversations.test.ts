import { describe, expect } from 'vitest';
import { runId } from '../../support/ids.ts';
import { openGateway } from '../../support/open-gateway.ts';
import { it } from '../approvals/pauses.ts';

const AGENT = 'agent-00000000-0000-4000-8000-000000000001';
const DEFAULT = `default-${AGENT}`;
const CONVERSATION = 'conv-00000000-0000-4000-8000-000000000001';
const created_at = '2025-01-01T00:00:00Z';
const ROW = {
  id: CONVERSATION,
  agent_id: AGENT,
  created_at,
  summary: 'Lunch',
  last_message_at: '2025-01-02T00:00:00.000001Z',
};
const SHOWN = {
  __typename: 'AgentConversation',
  id: CONVERSATION,
  agentId: AGENT,
  summary: 'Lunch',
  createdAt: created_at,
  lastMessageAt: ROW.last_message_at,
};
const NOTHING = { summary: null, createdAt: null, lastMessageAt: null };
const FIELDS = '__typename ... on AgentConversation { id agentId summary createdAt lastMessageAt }';

/** An agent with four runs in its default conversation, and two in another one. */
async function open() {
  const runs = [null, CONVERSATION, null, null, CONVERSATION, null].map((conversation_id, index) => {
    const status = index < 2 ? 'failed' : 'completed';
    return { id: runId(index), agent_id: AGENT, created_at, conversation_id, status };
  });
  const test = await openGateway({ runs });
  test.store.conversations.insert([ROW]);
  const ask = (query: string) => test.dataOf<Readonly<Record<string, unknown>>>(query);
  return { ...test, ask };
}
const ids = (...numbers: readonly number[]) => numbers.map((number) => ({ id: runId(number) }));

describe('Conversation', () => {
  it('is the same by its id, as a node and as an entity, with one look-up', async () => {
    await using test = await open();
    test.store.update(runId(1), { created_at: '2025-01-02T00:00:00.000001Z' });
    const query = `{
      conversation(id: "${CONVERSATION}") { ${FIELDS} } node(id: "${CONVERSATION}") { ${FIELDS} }
      _entities(representations: [{ __typename: "AgentConversation", id: "${CONVERSATION}" }]) { ${FIELDS} }
    }`;
    expect(await test.ask(query)).toEqual({ conversation: SHOWN, node: SHOWN, _entities: [SHOWN] });
    expect(test.upstream.urls).toEqual([`/v1/conversations/${CONVERSATION}`]);
  });

  it.each([
    ['there is none with this id', CONVERSATION.replace('01', '02')],
    ['it was deleted', CONVERSATION],
    ['the id is none', 'conv-'],
    ['there is no such agent', DEFAULT.replace('01', '02')],
  ])('is null if %s', async (_why, id) => {
    await using test = await open();
    test.store.deletedConversations.add(CONVERSATION);
    const query = `{ conversation(id: "${id}") { id } run(id: "${runId(1)}") { conversation { id } } }`;
    expect(await test.ask(query)).toEqual({ conversation: null, run: { conversation: null } });
  });

  it.each([
    ['another one by the filter of the API', CONVERSATION, [4, 1], [1]],
    ['the default one among all of its agent', DEFAULT, [5, 3, 2, 0], [0]],
  ])('has its runs, %s', async (_name, id, all, failed) => {
    await using test = await open();
    const query = `{ conversation(id: "${id}") {
      runs(first: 1) { nodes { id } pageInfo { hasNextPage endCursor } totalCount { value } }
      rest: runs(last: 9, before: "${runId(all[0]!)}", order: ASC) { nodes { id } }
      failed: runs(statuses: [FAILED], createdAfter: "2025-01-01") { nodes { id conversation { id } } }
      runStats(outcomes: [FAILED]) { count { value } }
    } }`;
    expect(await test.ask(query)).toEqual({
      conversation: {
        runs: {
          nodes: ids(all[0]!),
          pageInfo: { hasNextPage: true, endCursor: expect.any(String) },
          totalCount: { value: all.length },
        },
        rest: { nodes: ids(...all.slice(1).toReversed()) },
        failed: { nodes: failed.map((number) => ({ id: runId(number), conversation: { id } })) },
        runStats: { count: { value: failed.length } },
      },
    });
  });

  it('is Agent.defaultConversation for messages to the agent itself, which takes no look-up', async () => {
    await using test = await open();
    const shown = { __typename: 'AgentConversation', id: DEFAULT, agentId: AGENT, ...NOTHING };
    const query = `{ run(id: "${runId(0)}") { conversation { ${FIELDS} } agent { defaultConversation { ${FIELDS} } } } }`;
    expect(await test.ask(query)).toEqual({
      run: { conversation: shown, agent: { defaultConversation: shown } },
    });
    expect(test.upstream.urls).toEqual([`/v1/runs/${runId(0)}`]);
  });
});

it('Conversation.runs costs a search, unless it comes from the list without default ones', async () => {
  await using test = await open();
  const costOf = async (field: string) => {
    const query = `{ ${field.replace('RUNS', 'runs(first: 10) { nodes { id } }')} }`;
    const answer = await test.execute(query, {}, { 'graphql-cost-debug': '1' });
    return Reflect.get(answer, 'extensions')?.cost.estimated;
  };
  expect(await costOf('conversations(first: 1) { nodes { RUNS } }')).toBe(6 + 15);
  for (const id of [CONVERSATION, DEFAULT])
    expect(await costOf(`conversation(id: "${id}") { RUNS }`)).toBe(2 + 265);
  const ofAgent = `agent(id: "${AGENT}") { defaultConversation { RUNS } }`;
  expect(await costOf(ofAgent)).toBe(2 + 1 + 265);
});
