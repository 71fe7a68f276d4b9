import { describe, expect, it } from 'vitest';
import { ask, codeOf } from '../../support/ask.ts';
import { status } from '../../support/faults.ts';
import { FLAG_ITEMS, flagPages } from '../../support/flag-pages.ts';
import { openGatewayOver } from '../../support/open-gateway.ts';
import type { UpstreamAnswer, UpstreamRequest } from '../../support/scripted-upstream.ts';

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
  /** Pages behind a row end with the first row of the list as well. */
  readonly repeatsFirst?: boolean;
  /** The items of a page. @default one for each id */
  readonly show?: (ids: readonly string[]) => readonly object[];
  /** Changes the list before a request is answered. */
  readonly change?: (ids: readonly string[], query: URLSearchParams) => readonly string[];
}

const idsOf = (kind: Kind, count: number): readonly string[] =>
  Array.from({ length: count }, (_, n) => {
    const number = String(n).padStart(8, '0');
    return `${kind === 'steps' ? 'step' : 'message'}-${number}-0000-4000-8000-000000000000`;
  });

const rowOf = (id: string | null) => ({ id, message_type: 'user_message', content: 'x' });

/** A gateway over a run with so many steps or messages, each of which has one row. */
async function serve(kind: Kind, count: number, server: Server = {}) {
  const { max = Infinity, isSilent, following = 'after', ignoresOrder, repeatsFirst, change } = server;
  const { show = (shown) => shown.map(rowOf) } = server;
  let ids = idsOf(kind, count);
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
    if (repeatsFirst && later != null) range.push(...ids.slice(0, 1));
    const limit = Math.min(asked, max);
    if (ignoresOrder || query.get('order') === 'asc') return { body: show(range.slice(0, limit)) };
    return { body: show(range.toReversed().slice(0, limit)) };
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
  const resize = (length: number) => void (ids = idsOf(kind, length));
  return { ...opened, read, resize, ids: () => ids };
}

describe.each(['steps', 'messages'] as const)('Run.%s', (kind) => {
  it.each<[string, Server]>([
    ['any number is given', {}],
    ['more than 200 are refused', { max: 200 }],
    ['more than 50 are refused, and cursors are the other way round', { max: 50, following: 'before' }],
    ['200 come at a time without a word', { max: 200, isSilent: true }],
    ['100 come at a time without a word', { max: 100, isSilent: true }],
  ])('are all there where %s', async (_name, server) => {
    const { max = 100 } = server;
    await using list = await serve(kind, 3 * max, server);
    for (const count of [3 * max, 0, max - 1, max, Math.min(4 * max + 3, 999), 3 * max]) {
      list.resize(count);
      expect(await list.read()).toMatchObject({ code: 'served', ids: list.ids() });
    }
  });

  it('are all there where some are added meanwhile', async () => {
    const change: Server['change'] = (ids) => idsOf(kind, ids.length + 10);
    await using list = await serve(kind, 300, { max: 200, change });
    const { ids = [] } = await list.read();
    expect(ids).toEqual(idsOf(kind, ids.length));
    expect(ids.length).toBeGreaterThan(300);
  });

  it.each([199, 198])('are right, or an error, if number %i is gone meanwhile', async (index) => {
    const [lost] = idsOf(kind, 500).slice(index);
    const change: Server['change'] = (ids, query) =>
      query.has('after') ? ids.filter((id) => id !== lost) : ids;
    await using list = await serve(kind, 500, { max: 200, change });
    const { code, ids } = await list.read();
    if (code === 'served') expect(ids).toEqual(idsOf(kind, 500));
    else expect(code).toBe('UPSTREAM_INVALID_RESPONSE');
  });

  it.each<[string, Server, string]>([
    ['cursors are ignored', { max: 200, following: null }, 'first: 1000'],
    ['ten come at a time', { max: 10 }, 'first: 1000'],
    ['the order is ignored', { max: 200, ignoresOrder: true }, 'last: 10'],
    ['the first comes again', { max: 200, repeatsFirst: true }, 'first: 1000'],
  ])('are right, or an error, where %s', async (_name, server, args) => {
    await using list = await serve(kind, 500, server);
    const { code, ids } = await list.read(args);
    if (server.following === null) expect(code).toBe('UPSTREAM_INVALID_RESPONSE');
    if (code === 'served') expect(ids).toEqual(list.ids().slice(args === 'last: 10' ? -10 : 0));
    else expect(code).toMatch(/^UPSTREAM_(?:INVALID_RESPONSE|UNSUPPORTED)$/);
  });

  it('have the right flags, each selected alone, in whatever part of the list a page ends', async () => {
    await using list = await serve(kind, FLAG_ITEMS, { max: 200 });
    const pageInfoOf = async (args: string, field: string) => {
      const query = `{ run(id: "${RUN.id}") { list: ${kind}(${args}) { pageInfo { ${field} } } } }`;
      return (await list.dataOf<{ run: { list: { pageInfo: object } } }>(query)).run.list.pageInfo;
    };
    const { endCursor } = Object(await pageInfoOf('first: 150', 'endCursor'));
    for (const [args, flags] of flagPages(endCursor)) {
      for (const [flag, value] of Object.entries(flags))
        expect([args, await pageInfoOf(args, flag)]).toEqual([args, { [flag]: value }]);
    }
  });
});

it('Messages are all there where every second is a return that is hidden beside its call', async () => {
  const all = idsOf('messages', 300);
  const show: Server['show'] = (ids) =>
    ids.flatMap((id): readonly object[] => {
      const tool_call_id = `call-${all.indexOf(id) >> 1}`;
      const call = { name: 'send_message', arguments: '{}', tool_call_id };
      if (all.indexOf(id) % 2 === 0) return [{ id, message_type: 'tool_call_message', tool_call: call }];
      if (ids.includes(all[all.indexOf(id) - 1] ?? '')) return [];
      return [{ id, message_type: 'tool_return_message', tool_return: 'x', status: 'success', tool_call_id }];
    });
  await using list = await serve('messages', 300, { max: 200, show });
  expect((await list.read()).ids).toEqual(all.filter((_id, at) => at % 2 === 0));
});
