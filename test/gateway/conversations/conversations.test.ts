import { describe, expect } from 'vitest';
import { continuedRun } from '../../../src/loaders/continued-runs.ts';
import type { Run } from '../../../src/runs/run.ts';
import { stopClock } from '../../support/clock.ts';
import { FLAG_ITEMS, flagPages } from '../../support/flag-pages.ts';
import { runId } from '../../support/ids.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { type Page, walk } from '../../support/walk.ts';
import { it, openPauses, type OpenPauses, PLACES } from '../approvals/pauses.ts';

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

/** Asks for a conversation by its run. */
const placeOf = async ({ dataOf }: OpenPauses, id: string, fields: string) => {
  const query = `{ run(id: "${id}") { conversation { ${fields} } } }`;
  return (await dataOf<{ run: { conversation: unknown } }>(query)).run.conversation;
};
const turnOf = async ({ dataOf }: OpenPauses, id: string) => {
  const query = `{ run(id: "${id}") { turn { isComplete runs { id } } } }`;
  const { turn } = (await dataOf<{ run: { turn: Turn } }>(query)).run;
  return { ...turn, runs: turn.runs.map((run) => run.id) };
};
interface Turn {
  readonly isComplete: boolean;
  readonly runs: readonly { readonly id: string }[];
}
/** Makes a turn of some runs by an agent that asks again after each answer. */
const makeTurn = async (test: OpenPauses, size: number) => {
  const runs = [test.pause({ agent: await test.makeAgent('memgpt_v2_agent') })];
  while (runs.length < size) runs.push(test.decide(runs.at(-1) ?? '', false));
  return runs;
};

describe.each(PLACES)('Run.turn and Conversation.pendingApproval in %s', (_name, isOther) => {
  const begin = async () => {
    const test = await openPauses();
    return { ...test, place: await test.placeIn(isOther) };
  };

  it('show the run that waits, until it has an answer', async () => {
    const clock = stopClock();
    await using test = await begin();
    const id = test.pause(test.place);
    const pending = () => placeOf(test, id, 'pendingApproval { id }');
    expect(await pending()).toEqual({ pendingApproval: { id } });
    test.decide(id, true);
    await clock.pass(2000);
    expect(await pending()).toEqual({ pendingApproval: null });
  });

  it('prove a turn by its answers, the same for each of its runs', async () => {
    await using test = await begin();
    const alone = test.say('hello', test.place);
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    const other = test.pause(test.place);
    expect(await turnOf(test, alone)).toEqual({ runs: [alone], isComplete: true });
    for (const id of [first, second])
      expect(await turnOf(test, id)).toEqual({ runs: [first, second], isComplete: true });
    expect(await turnOf(test, other)).toEqual({ runs: [other], isComplete: true });
    const runs = await makeTurn(test, 4);
    for (const id of runs) expect(await turnOf(test, id)).toEqual({ runs, isComplete: true });
  });

  it('show runs with the durations that they have alone', async () => {
    await using test = await begin();
    const [first = '', second = ''] = await makeTurn(test, 2);
    // What a list has is not always what the run itself has.
    for (const id of [first, second]) test.store.update(id, { total_duration_ns: 5, run_ns: 9 });
    const data = await test.dataOf(
      `{ run(id: "${first}") { totalDurationNs turn { runs { totalDurationNs } } } }`,
    );
    const each = { totalDurationNs: 9 };
    expect(data).toEqual({ run: { ...each, turn: { runs: [each, each] } } });
  });

  it('take the first of two answers that came at the same time', async () => {
    await using test = await begin();
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    const late = test.say('hello', test.place);
    const { messages } = test.store;
    const answer = messages.of(second).find(({ items }) => items.some((item) => 'approvals' in item))!;
    for (const stored of messages.of(late).map((each) => each.id)) messages.delete(stored);
    const id = answer.id.replace(/.{4}$/, 'late');
    messages.insert([{ ...answer, id, run_id: late, items: answer.items.map((item) => ({ ...item, id })) }]);
    expect(await turnOf(test, late)).toEqual({ runs: [late], isComplete: false });
    expect(await turnOf(test, second)).toEqual({ runs: [first, second], isComplete: true });
  });

  it('are not complete if a run hides what it answered, or its request', async () => {
    await using test = await begin();
    const first = test.pause(test.place);
    const second = test.decide(first, false);
    test.store.update(second, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await turnOf(test, second)).toEqual({ runs: [second], isComplete: false });
    expect(await turnOf(test, first)).toEqual({ runs: [first, second], isComplete: true });
    test.store.update(first, { request_config: { include_return_message_types: ['assistant_message'] } });
    expect(await turnOf(test, first)).toEqual({ runs: [first], isComplete: false });
  });
});

it('Run.turn has at most fifty runs, those next to the run', async ({ test }) => {
  const runs = await makeTurn(test, 52);
  expect(await turnOf(test, runs[0]!)).toEqual({ runs: runs.slice(0, 50), isComplete: false });
  expect(await turnOf(test, runs[51]!)).toEqual({ runs: runs.slice(2), isComplete: false });
  expect(await turnOf(test, runs[49]!)).toEqual({ runs: runs.slice(0, 50), isComplete: false });
});

it('Run.turn of all runs of a turn takes no request twice', async ({ test }) => {
  await makeTurn(test, 6);
  await test.execute('{ runs(first: 6) { nodes { turn { runs { turn { runs { id } } } } } } }');
  expect(test.upstream.urls.length).toBeGreaterThan(6);
  expect(new Set(test.upstream.urls).size).toBe(test.upstream.urls.length);
  test.upstream.requests.length = 0;
  // Runs of the list are not looked up.
  await test.dataOf('{ runs(first: 6) { nodes { continues { id } approval { answeredBy { id } } } } }');
  expect(test.upstream.urls.filter((url) => /^\/v1\/runs\/[^/?]+$/.test(url))).toEqual([]);
});

it('Run.turn of as many runs as are assumed costs no less than its requests', async ({ test }) => {
  const runs = await makeTurn(test, 5);
  const query = `{ run(id: "${runs[2]}") { turn { runs { id } } } }`;
  const answer = await test.execute(query, {}, { 'graphql-cost-debug': '1' });
  // A request costs 2.
  expect(Reflect.get(answer, 'extensions')?.cost.estimated).toBeGreaterThan(2 * test.upstream.urls.length);
});

/** Items as Letta sends them for some stored messages: it leaves out a return of `send_message` if its call is in the page. */
function itemsOf(stored: readonly Stored[]): readonly object[] {
  const called = new Set(stored.filter(({ kind }) => kind === 'call').map(({ call }) => call));
  return stored.flatMap(({ id, kind, call }): readonly object[] => {
    const item = { id, date: created_at, run_id: kind === 'prompt' ? null : runId(1) };
    if (kind === 'prompt') return [{ ...item, message_type: 'system_message', content: 'secret' }];
    if (kind === 'return')
      return called.has(call) ? [] : [{ ...item, message_type: 'tool_return_message', tool_call_id: call }];
    const parts = [{ ...item, message_type: 'reasoning_message', reasoning: 'hm' }];
    return kind === 'call' ? [...parts, { ...item, message_type: 'assistant_message', content: id }] : parts;
  });
}
interface Stored {
  readonly id: string;
  readonly kind: 'prompt' | 'call' | 'return' | 'other';
  readonly call: number;
}

const KINDS = ['call', 'return', 'other', 'call', 'return'] as const;
const stored = Array.from({ length: 503 }, (_, index): Stored => {
  const kind = index === 0 ? 'prompt' : KINDS[index % KINDS.length]!;
  return { id: `message-${index}`, kind, call: kind === 'return' ? index - 1 : index };
});

const others = (length: number) =>
  Array.from({ length }, (_, call): Stored => ({ id: `message-${call}`, kind: 'other', call }));

/** A server that has the messages of both conversations; of the default one, pages are oldest first in both orders. */
const openMessages = (of: readonly Stored[], most = Infinity) =>
  openGatewayOver(({ path, query }) => {
    if (path === `/v1/conversations/${CONVERSATION}`) return { body: ROW };
    if (path === `/v1/agents/${AGENT}`) return { body: { id: AGENT, created_at } };
    // Without this parameter, Letta's list of an agent has the messages of all its conversations.
    const isMixed = path.includes('agents') && query.get('conversation_id') !== 'default';
    const messages = isMixed ? of.flatMap((each) => [each, { ...each, id: `${each.id}-of-another` }]) : of;
    const indexOf = (name: string) => messages.findIndex(({ id }) => id === query.get(name));
    const to = indexOf('before');
    const between = messages.slice(indexOf('after') + 1, to === -1 ? undefined : to);
    const limit = Math.min(most, Number(query.get('limit')));
    const isNewest = query.get('order') === 'desc';
    const items = itemsOf(isNewest ? between.slice(-limit) : between.slice(0, limit));
    return { body: isNewest && path.includes('conversations') ? items.toReversed() : items };
  });

interface Messages {
  readonly conversation: { readonly messages: Page };
}

describe.each([CONVERSATION, DEFAULT])('Conversation.messages of %s', (id) => {
  const read = async ({ dataOf }: Awaited<ReturnType<typeof openMessages>>, args: string) => {
    const query = `{ conversation(id: "${id}") { messages(${args}) {
      nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } } }`;
    return (await dataOf<Messages>(query)).conversation.messages;
  };
  const all = itemsOf(stored).slice(1) as { id: string }[];
  const seen = new Map<string, number>();
  const expected = all.map(({ id: each }) => {
    const part = seen.get(each) ?? 0;
    seen.set(each, part + 1);
    return `${each}:${part}`;
  });

  it('are the same from either end, a page at a time, without the prompt', async () => {
    await using test = await openMessages(stored);
    const page = (args: object) =>
      read(
        test,
        JSON.stringify(args)
          .slice(1, -1)
          .replaceAll(/"(\w+)":/g, '$1:'),
      );
    for (const isForward of [true, false]) {
      const found = (await walk(page, 150, isForward)).map((node) => node.id);
      expect(found).toEqual(isForward ? expected : expected.toReversed());
    }
  });

  it.each([
    ['first: 20', 1],
    ['last: 20', 1],
    ['last: 20, types: [ASSISTANT_MESSAGE]', 1],
    ['last: 400', 3],
  ])('are read from the end that %s begins at', async (args, requests) => {
    await using test = await openMessages(stored);
    await read(test, args);
    expect(test.upstream.urls.filter((url) => url.includes('messages'))).toHaveLength(requests);
  });

  it('are read from both ends by one operation', async () => {
    await using test = await openMessages(stored);
    const query = `{ conversation(id: "${id}") {
      oldest: messages(first: 20) { nodes { id } } newest: messages(last: 20) { nodes { id } } } }`;
    const nodes = expected.map((each) => ({ id: each }));
    expect(await test.dataOf(query)).toEqual({
      conversation: { oldest: { nodes: nodes.slice(0, 20) }, newest: { nodes: nodes.slice(-20) } },
    });
  });

  it.each(['first', 'last'])('are all there where 100 come at a time without a word: %s', async (size) => {
    await using test = await openMessages(others(350), 100);
    const { nodes } = await read(test, `${size}: 1000`);
    expect(nodes.map((node) => node.id)).toEqual(others(350).map((each) => `${each.id}:0`));
  });

  it('have the right flags, each selected alone, in whatever part of the list a page ends', async () => {
    await using test = await openMessages(others(FLAG_ITEMS));
    const { pageInfo } = await read(test, 'first: 150');
    for (const [args, flags] of flagPages(pageInfo.endCursor)) {
      for (const [flag, value] of Object.entries(flags)) {
        const query = `{ conversation(id: "${id}") { messages(${args}) { pageInfo { ${flag} } } } }`;
        const { conversation } = await test.dataOf<Messages>(query);
        expect([args, conversation.messages.pageInfo]).toEqual([args, { [flag]: value }]);
      }
    }
  });

  it('are an error if more than 10,000 lie between a page and its end', async () => {
    await using test = await openMessages(others(11_000));
    const query = `{ conversation(id: "${id}") { messages(first: 1, types: [USER_MESSAGE]) { nodes { id } } } }`;
    const { errors } = await test.execute<Messages>(query);
    expect(errors).toMatchObject([{ extensions: { code: 'RESPONSE_TOO_LARGE' } }]);
    expect(test.upstream.requests.length).toBeLessThan(60);
  });

  it('are an error, and never others, if they were reset while they were read', async () => {
    let current = stored;
    await using test = await openMessages(stored);
    test.upstream.script = (request, next) => {
      const answer = next();
      current = stored.map((each) => ({ ...each, id: `${each.id}-new` }));
      const isLater = request.query.has('after') || request.query.has('before');
      return isLater ? { body: itemsOf(current.slice(0, 200)) } : answer;
    };
    const query = `{ conversation(id: "${id}") { messages(last: 400) { nodes { id } } } }`;
    const { errors } = await test.execute<Messages>(query);
    expect(errors).toMatchObject([{ extensions: { code: 'UPSTREAM_INVALID_RESPONSE' } }]);
  });
});

it('Conversation.pendingApproval of a fork does not show the run of its original', async () => {
  await using test = await openPauses();
  const [original, fork] = [await test.makeConversation(), await test.makeConversation()];
  const id = test.pause({ conversation: original });
  // It has a copy of the request.
  test.upstream.script = ({ path }, next) =>
    next({ path: path.replace(`${fork}/messages`, `${original}/messages`) });
  const waiting = (conversation: string) =>
    test.dataOf(`{ node(id: "${conversation}") { ... on AgentConversation { pendingApproval { id } } } }`);
  expect(await waiting(original)).toEqual({ node: { pendingApproval: { id } } });
  expect(await waiting(fork)).toEqual({ node: { pendingApproval: null } });
});

it('Run.turn stays in its own conversation after a fork', async () => {
  const [first, answer, forked] = [{ conversationId: 'a' }, { conversationId: 'a' }, { conversationId: 'b' }];
  const sources = { approvals: { continuedIdOf: async () => 'run-1' }, runById: { load: async () => first } };
  const continuedBy = (run: object) => continuedRun(run as Run, sources as never);
  expect([await continuedBy(answer), await continuedBy(forked)]).toEqual([first, undefined]);
});
