import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NewMessage, WireItem } from '../../embedded-api/model/rows.ts';
import { openGateway, openGatewayOver } from '../support/open-gateway.ts';
import { propertyRuns } from '../support/property-runs.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../support/scripted-upstream.ts';
import { ask, codeOf } from './ask.ts';
import { status } from './faults.ts';

const RUN = {
  id: 'run-00000000-0000-4000-8000-000000000000',
  agent_id: 'agent-00000000-0000-4000-8000-000000000000',
  created_at: '2025-01-01T00:00:00Z',
};

type Kind = 'steps' | 'messages';

/** What a list of one run does that others may not. */
interface Server {
  /** A larger limit is refused. */
  readonly max?: number;
  /** Gives fewer rows instead. */
  readonly isSilent?: boolean;
  /** The parameter by which later rows are asked for; null if cursors are ignored. @default 'after' */
  readonly following?: 'after' | 'before' | null;
  readonly ignoresOrder?: boolean;
  /** Changes the list before a request is answered. */
  readonly change?: (ids: readonly string[], query: URLSearchParams) => readonly string[];
}

const idsOf = (kind: Kind, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => {
    const number = String(n).padStart(8, '0');
    return `${kind === 'steps' ? 'step' : 'message'}-${number}-0000-4000-8000-000000000000`;
  });

/** A gateway over a run with so many steps or messages, each of which has one row. */
async function serve(kind: Kind, count: number, server: Server = {}) {
  const { max = Infinity, isSilent = false, following = 'after', ignoresOrder = false, change } = server;
  let ids = idsOf(kind, count);
  const rowOf = (id: string) => ({ id, message_type: 'user_message', content: 'x' });
  const answer = ({ path, query }: UpstreamRequest): UpstreamAnswer => {
    if (!path.endsWith(kind)) return { body: RUN };
    ids = change?.(ids, query) ?? ids;
    const asked = Number(query.get('limit'));
    if (asked > max && !isSilent) {
      return { status: 422, body: { detail: [{ loc: ['query', 'limit'], ctx: { le: max } }] } };
    }
    const cursors = following === null ? [] : [following, following === 'after' ? 'before' : 'after'];
    const [later, earlier] = cursors.map((name) => query.get(name));
    if ([later, earlier].some((id) => id != null && !ids.includes(id))) return status(404);
    const range = ids.filter((id) => (later == null || id > later) && (earlier == null || id < earlier));
    const limit = Math.min(asked, max);
    if (ignoresOrder || query.get('order') === 'asc') return { body: range.slice(0, limit).map(rowOf) };
    return { body: range.toReversed().slice(0, limit).map(rowOf) };
  };
  const opened = await openGatewayOver(answer);
  const read = async (args = 'first: 1000') => {
    opened.upstream.requests.length = 0;
    const id = kind === 'steps' ? 'id' : 'id: messageId';
    const query = `{ run(id: "${RUN.id}") { list: ${kind}(${args}) { nodes { ${id} } pageInfo { hasNextPage } } } }`;
    const result = await ask(opened.gateway, 'one', query);
    const data = result.data as { run: { list: { nodes: { id: string }[] } | null } };
    return {
      code: codeOf(result),
      ids: data.run.list?.nodes.map((node) => node.id),
      requests: opened.upstream.urls.filter((url) => url.includes(`/${kind}?`)).length,
    };
  };
  return { ...opened, read, ids: () => ids };
}

describe.each(['steps', 'messages'] as const)('The %s of a run', (kind) => {
  it.each<[string, Server]>([
    ['any number is given', {}],
    ['more than 200 are refused', { max: 200 }],
    ['more than 50 are refused, and cursors are the other way round', { max: 50, following: 'before' }],
    ['200 come at a time without a word', { max: 200, isSilent: true }],
    ['250 come at a time without a word', { max: 250, isSilent: true }],
  ])('are all there where %s', async (_name, server) => {
    const { max = 100 } = server;
    for (const count of [0, max - 1, max, 3 * max, Math.min(4 * max + 3, 999)]) {
      // oxlint-disable no-await-in-loop -- One after the other.
      await using list = await serve(kind, count, server);
      for (const _time of ['first', 'when pages are known']) {
        expect(await list.read()).toMatchObject({ code: 'served', ids: list.ids() });
      }
      // oxlint-enable no-await-in-loop
    }
  });

  it('begin and end as they do, by few requests', async () => {
    await using list = await serve(kind, 900);
    expect(await list.read('first: 20')).toMatchObject({ ids: list.ids().slice(0, 20), requests: 1 });
    const { ids, requests } = await list.read('last: 3');
    expect(ids).toEqual(list.ids().slice(-3));
    expect(requests).toBeLessThan(3);
  });

  it('are those that were added meanwhile as well', async () => {
    const change: Server['change'] = (ids) => idsOf(kind, ids.length + 10);
    await using list = await serve(kind, 300, { max: 200, change });
    const { ids = [] } = await list.read();
    expect(ids).toEqual(idsOf(kind, ids.length));
    expect(ids.length).toBeGreaterThan(300);
  });

  it('are read again if one is gone meanwhile, and are an error if that never ends', async () => {
    const lost = idsOf(kind, 500).filter((_id, index) => [149, 198, 199].includes(index));
    const lose: Server['change'] = (ids, query) =>
      query.has('after') ? ids.filter((id) => !lost.includes(id)) : ids;
    await using once = await serve(kind, 500, { max: 200, change: lose });
    expect(await once.read()).toMatchObject({ code: 'served', ids: once.ids() });
    expect(once.ids()).toHaveLength(497);

    const change: Server['change'] = (ids) => ids.filter((_id, index) => ![149, 198, 199].includes(index));
    await using shrinking = await serve(kind, 900, { max: 200, change });
    const { code, requests } = await shrinking.read();
    expect(code).toBe('UPSTREAM_INVALID_RESPONSE');
    expect(requests).toBeLessThan(30);
  });

  it.each<[string, Server, string]>([
    ['cursors are ignored', { max: 200, following: null }, 'first: 1000'],
    ['one comes at a time', { max: 1 }, 'first: 1000'],
    ['the order is ignored', { max: 200, ignoresOrder: true }, 'last: 10'],
  ])('are right, or an error, where %s', async (_name, server, args) => {
    await using list = await serve(kind, 500, server);
    const { code, ids } = await list.read(args);
    if (server.following === null) expect(code).toBe('UPSTREAM_INVALID_RESPONSE');
    if (code === 'served') expect(ids).toEqual(list.ids().slice(args === 'last: 10' ? -10 : 0));
    else expect(code).toMatch(/^UPSTREAM_(?:INVALID_RESPONSE|UNSUPPORTED)$/);
  });
});

type Turn = 'user' | 'text' | 'search' | 'send' | 'parallel' | 'empty';

/** What an agent stores in these turns, and what is sent of that. */
function messagesOf(turns: readonly Turn[], runId: string): readonly NewMessage[] {
  const messages: NewMessage[] = [];
  const add = (
    items: readonly (Pick<WireItem, 'message_type'> & Record<string, unknown>)[],
    omittedWith?: string,
  ): string => {
    const id = `message-${String(messages.length).padStart(8, '0')}-0000-4000-8000-${runId.slice(-12)}`;
    messages.push({
      id,
      run_id: runId,
      created_at: RUN.created_at,
      items: items.map((item) => ({ id, step_id: null, ...item })),
      ...(omittedWith !== undefined && { omitted_with: omittedWith }),
    });
    return id;
  };
  const text = { message_type: 'assistant_message', content: 'x' } as const;
  for (const [index, turn] of turns.entries()) {
    const calls = (turn === 'parallel' ? ['a', 'b'] : ['a']).map((name) => ({
      tool_call_id: `call-${index}${name}`,
    }));
    if (turn === 'user') add([{ message_type: 'user_message', content: 'x' }]);
    else if (turn === 'text') add([text]);
    else if (turn === 'empty') add(index % 8 === 0 ? [] : [text]);
    else if (turn === 'send') add([], add([text]));
    else {
      add([{ message_type: 'tool_call_message', tool_calls: calls }]);
      for (const call of calls) add([{ message_type: 'tool_return_message', tool_returns: [call] }]);
    }
  }
  return messages;
}

it('Messages of which several are made of one, or none, are those of the whole list, or an error', async () => {
  const turns = fc.array(
    fc.constantFrom<Turn>('user', 'text', 'search', 'search', 'send', 'send', 'parallel', 'empty'),
    { maxLength: 150, size: 'max' },
  );
  let shown = 0;
  const sizes = [Infinity, 200, 50, 20];
  for (const maxLimit of sizes) {
    // oxlint-disable-next-line no-await-in-loop -- One server after the other.
    const test = await openGateway({ maxLimit });
    await using _closed = test;
    let number = 0;
    // oxlint-disable-next-line no-await-in-loop -- One server after the other.
    await fc.assert(
      fc.asyncProperty(
        turns,
        fc.constantFrom('first', 'last'),
        fc.integer({ min: 1, max: 300 }),
        async (some, side, count) => {
          const id = RUN.id.replace(/.{12}$/, String(number++).padStart(12, '0'));
          const messages = messagesOf(some, id);
          test.store.insert([{ ...RUN, id }]);
          test.store.messages.insert(messages);
          const whole = messages.flatMap((each) =>
            each.omitted_with === undefined ? each.items.map(() => each.id) : [],
          );
          const answer = await ask(
            test.gateway,
            'one',
            `{ run(id: "${id}") { messages(${side}: ${count}) { nodes { messageId } } } }`,
          );
          if (answer.errors !== undefined) return expect(codeOf(answer)).toBe('UPSTREAM_UNSUPPORTED');
          shown++;
          const expected = side === 'first' ? whole.slice(0, count) : whole.slice(-count);
          expect(answer.data).toEqual({
            run: { messages: { nodes: expected.map((messageId) => ({ messageId })) } },
          });
        },
      ),
      { numRuns: propertyRuns(15) },
    );
  }
  expect(shown).toBeGreaterThan((propertyRuns(15) * sizes.length) / 2);
});
