import { describe, expect, it } from 'vitest';
import { encodeCursor } from '../../../src/lists/pages/cursor.ts';
import { agentId } from '../../support/ids.ts';
import { type OpenGateway, openGateway } from '../../support/open-gateway.ts';
import { CLOUD, SELF_HOSTED } from '../../support/upstream-variants.ts';
import { type Page, walk } from '../../support/walk.ts';

const SUMMARIES = ['100 % sure', 'a_b', 'aXb', null];
const convId = (index: number) => `conv-00000000-0000-4000-8000-${String(index).padStart(12, '0')}`;
const at = (micros: number) => `2025-01-01T00:00:00.${String(micros).padStart(6, '0')}Z`;

/** Conversations, oldest first, of which most share an instant, and to half of which nothing was sent. */
const ROWS = Array.from({ length: 130 }, (_, index) => ({
  id: convId(index),
  agent_id: agentId(index % 2),
  summary: SUMMARIES[index % SUMMARIES.length] ?? null,
  created_at: at(index < 30 ? 1 : Math.floor(index / 3)),
  last_message_at: index % 2 === 0 ? null : at(1000 - Math.floor(index / 4)),
}));

async function open(options: Parameters<typeof openGateway>[0] = {}): Promise<OpenGateway> {
  const test = await openGateway({ agents: [], ...options });
  test.store.conversations.insert(ROWS);
  return test;
}

it('Query.conversations refuses a cursor with another time than its conversation, after few requests', async () => {
  await using test = await open();
  const after = encodeCursor({ key: '2000-01-01T00:00:00.000000', id: convId(100) });
  const { errors } = await test.execute(PAGE, { first: 1, after });
  expect(errors).toMatchObject([{ extensions: { code: 'INVALID_CURSOR', argument: 'after' } }]);
  // Not one for each power of two up to their number.
  expect(test.upstream.requests.length).toBeLessThan(5);
});

const UNSUPPORTED = 'UPSTREAM_UNSUPPORTED';

const PAGE = `query ($first: Int, $last: Int, $after: String, $before: String, $order: SortOrder, $agentId: ID,
  $summarySearch: String, $orderBy: ConversationOrderField) {
  conversations(first: $first, last: $last, after: $after, before: $before, order: $order, agentId: $agentId,
    summarySearch: $summarySearch, orderBy: $orderBy) {
    nodes { id } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } }
}`;

/** The ids of all conversations, a page at a time, as they come. */
async function listed({ dataOf }: OpenGateway, args: object, isForward = true): Promise<readonly string[]> {
  const read = async (position: object) =>
    (await dataOf<{ conversations: Page }>(PAGE, { ...args, ...position })).conversations;
  return (await walk(read, 25, isForward)).map(({ id }) => id);
}

// That pages are exact is proved in test/core.
describe.each([...SELF_HOSTED, ...CLOUD])('Query.conversations over $variant', (upstream) => {
  it.each<[filter: object, isMatch: (row: (typeof ROWS)[number]) => boolean]>([
    [{}, () => true],
    [{ agentId: agentId(1) }, (row) => row.agent_id === agentId(1)],
    [{ summarySearch: '0 % s' }, ({ summary }) => summary === '100 % sure'],
    [{ summarySearch: 'a_', agentId: agentId(1) }, ({ summary }) => summary === 'a_b'],
  ])('finds conversations with %j by time of creation from either end', async (filter, isMatch) => {
    await using test = await open(upstream);
    const all = ROWS.filter(isMatch).map(({ id }) => id);
    for (const order of ['ASC', 'DESC'])
      for (const isForward of [true, false]) {
        const expected = (order === 'ASC') === isForward ? all : all.toReversed();
        expect(await listed(test, { order, ...filter }, isForward)).toEqual(expected);
      }
  });

  it('finds conversations by their last message, those without one last', async () => {
    await using test = await open(upstream);
    const keyOf = ({ last_message_at: last, id }: (typeof ROWS)[number]) => `${last ?? ''} ${id}`;
    const all = ROWS.toSorted((a, b) => (keyOf(a) < keyOf(b) ? 1 : -1)).map(({ id }) => id);
    expect(await listed(test, { orderBy: 'LAST_MESSAGE_AT' })).toEqual(all);
  });
});

describe('Query.conversations', () => {
  it.each([
    ['first: 5', ['limit=6&order=desc']],
    ['first: 5, summarySearch: "a_b%"', ['summary_search=a%5C_b%5C%25&limit=6&order=desc']],
    ['first: 5, orderBy: LAST_MESSAGE_AT', ['order_by=last_message_at&limit=6&order=desc']],
    [
      `first: 5, after: "${convId(101)}"`,
      [`after=${convId(101)}&limit=1&order=asc`, `after=${convId(102)}&limit=7&order=desc`],
    ],
    [
      `first: 5, orderBy: LAST_MESSAGE_AT, after: "${convId(101)}"`,
      [`order_by=last_message_at&after=${convId(101)}&limit=6&order=desc`],
    ],
  ])('with %s takes these requests', async (args, queries) => {
    await using test = await open();
    await test.dataOf(
      `{ conversations(${args}) { nodes { id agentId summary createdAt lastMessageAt } pageInfo { hasNextPage } } }`,
    );
    const lists = test.upstream.urls.filter((url) => url.includes('?'));
    expect(lists).toEqual(queries.map((query) => `/v1/conversations/?${query}`));
  });

  it('holds no cursor of a conversation that something was sent to, and one of a deleted conversation', async () => {
    await using test = await open();
    const orderBy = 'LAST_MESSAGE_AT';
    const read = (args: object) =>
      test.execute<{ conversations: Page }>(PAGE, { first: 3, orderBy, ...args });
    const first = await read({});
    const { nodes, pageInfo } = first.data!.conversations;
    const [, , last] = nodes as readonly { readonly id: string }[];
    const next = () => read({ after: pageInfo.endCursor });
    const before = await next();
    expect(before.errors).toBeUndefined();
    test.store.deletedConversations.add(last!.id);
    const after = await next();
    expect(after.data!.conversations.nodes).toEqual(before.data!.conversations.nodes);
    test.store.deletedConversations.clear();
    test.store.conversations.update(last!.id, { last_message_at: '2026-01-01T00:00:00Z' });
    expect((await next()).errors).toMatchObject([
      {
        message: expect.stringContaining('its conversation is gone, or has moved'),
        extensions: { code: 'INVALID_CURSOR' },
      },
    ]);
  });

  it.each([
    ['last: 5', 'last', '5'],
    [`before: "${convId(1)}"`, 'before', convId(1)],
    ['order: ASC', 'order', 'ASC'],
  ])('by last message is not read with %s', async (args, argument, value) => {
    await using test = await open();
    const query = `{ conversations(orderBy: LAST_MESSAGE_AT, ${args}) { nodes { id } } }`;
    const message = `${argument}: expected none with orderBy: LAST_MESSAGE_AT, but got ${value}`;
    expect((await test.execute(query)).errors).toMatchObject([{ message, extensions: { argument } }]);
  });

  it.each<[who: string, body: unknown, ofList: string, ofOne: string | null]>([
    ['FastAPI says that there is no route', { detail: 'Not Found' }, UNSUPPORTED, UNSUPPORTED],
    ['a proxy has a page for it', '<title>404 Not Found</title>', UNSUPPORTED, UNSUPPORTED],
    ['something else is missing', { error: 'Project not found' }, 'UPSTREAM_REJECTED', null],
  ])('and one by its id, where a 404 means that %s', async (_who, body, ofList, ofOne) => {
    await using test = await open({ script: () => ({ status: 404, body }) });
    const id = convId(1);
    const query = `{ conversations { nodes { id } } conversation(id: "${id}") { id } node(id: "${id}") { id } }`;
    const { data, errors = [] } = await test.execute(query);
    expect(data).toEqual({ conversations: null, conversation: null, node: null });
    const codeAt = (field: string) =>
      errors.find(({ path }) => path?.[0] === field)?.extensions?.['code'] ?? null;
    expect(['conversations', 'conversation', 'node'].map(codeAt)).toEqual([ofList, ofOne, ofOne]);
  });
});
