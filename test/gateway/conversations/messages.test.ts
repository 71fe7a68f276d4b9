import { describe, expect } from 'vitest';
import { FLAG_ITEMS, flagPages } from '../../support/flag-pages.ts';
import { runId } from '../../support/ids.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import { type Page, walk } from '../../support/walk.ts';
import { it } from '../approvals/pauses.ts';
const AGENT = 'agent-00000000-0000-4000-8000-000000000001';
const DEFAULT = `default-${AGENT}`;
const CONVERSATION = 'conv-00000000-0000-4000-8000-000000000001';
const created_at = '2025-01-01T00:00:00Z';
const ROW = { id: CONVERSATION, agent_id: AGENT, created_at };

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
