import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { jwtPlugin, tokenOf } from '../support/jwt.ts';
import { openListening } from '../support/open-listening.ts';
import { createRecordingPlugin } from '../support/recording-plugin.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { ANSWER, LONG, PAGE, RUNS, UPDATES } from '../support/with-plugins.ts';

const open = (plugins: readonly object[]) => openListening({ runs: RUNS, config: { plugins } });

/** A gateway with plugins over runs that have ended, and a client of its WebSockets. */
async function plugged(plugins: readonly object[]) {
  const server = await open(plugins);
  const socket = await server.connect();
  const texts: string[] = [];
  socket.client.on('message', (data: Buffer) => void texts.push(String(data)));
  let id = 0;
  return {
    ...server,
    /** Returns the first message for an operation as it came, when the operation has ended. */
    async send(query: string): Promise<string> {
      texts.length = 0;
      socket.send({ type: 'subscribe', id: `${++id}`, payload: { query } });
      for (;;) if (['complete', 'error'].includes((await socket.next()).type)) return texts[0] ?? '';
    },
  };
}

const fail = (): never => {
  throw new Error('secret');
};

const answering = (body: object): Plugin => ({ onRequest: (hook) => hook.endResponse(Response.json(body)) });
const failingAtEvents: Plugin = { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: fail }) }) };

describe('plugins by WebSocket', () => {
  it.each([PAGE, UPDATES, '{ nope }'])('have the same hooks called as by HTTP: %s', async (query) => {
    const { plugin, hooks } = createRecordingPlugin();
    await using server = await plugged([plugin]);
    hooks.length = 0;
    await server.send(query);
    const bySocket = hooks.splice(0);
    const byHttp = await fetch(`${server.graphql}?${new URLSearchParams({ query })}`);
    await byHttp.text();
    expect(bySocket).toContain('onResponse');
    expect(bySocket).toEqual(hooks);
  });

  it('see the host that was connected to, whichever one the client names afterwards', async () => {
    const hosts: unknown[] = [];
    const onRequest: Plugin['onRequest'] = ({ request }) =>
      void hosts.push(URL.parse(request.url)?.host, request.headers.get('host'));
    await using server = await open([{ onRequest }]);
    const socket = await server.connect({ host: 'other.test' });
    socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await socket.next()).toMatchObject({ type: 'next' });
    const { host } = new URL(server.url);
    expect(hosts).toEqual([host, host]);
  });

  it('let a caller with a valid token subscribe, and no other: useJWT', async () => {
    await using server = await open([jwtPlugin()]);
    const firstFor = async (init: object) => {
      const socket = await server.connect(init);
      socket.send({ type: 'subscribe', id: '1', payload: { query: UPDATES } });
      return socket.next();
    };
    const authorization = `Bearer ${tokenOf({ sub: 'alice' }, 'key')}`;
    const data = { runUpdates: { status: 'COMPLETED' } };
    expect(await firstFor({ authorization })).toMatchObject({ payload: { data } });
    expect(await firstFor({})).toMatchObject({ payload: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
  });

  it('answer again without the upstream, whole numbers of any size untouched: useResponseCache', async () => {
    await using server = await plugged([useResponseCache({ session: () => null, ttl: 60_000 })]);
    for (let turn = 0; turn < 2; turn++) expect(await server.send(PAGE)).toContain(`{"n":${LONG}}`);
    const answer = await fetch(`${server.graphql}?${new URLSearchParams({ query: PAGE })}`);
    expect(await answer.text()).toContain(`{"n":${LONG}}`);
    expect(server.upstream.requests).toHaveLength(1);
  });

  it.each<[code: string, query: string, plugin: object]>([
    ['INTERNAL_SERVER_ERROR', PAGE, { onExecute: fail }],
    ['INTERNAL_SERVER_ERROR', UPDATES, failingAtEvents],
    ['GRAPHQL_VALIDATION_FAILED', '{ __schema { queryType { name } } }', useDisableIntrospection()],
    ['FORBIDDEN', PAGE, { onRequestParse: (hook) => hook.endResponse(new Response()) } satisfies Plugin],
    ['PAY_FIRST', PAGE, answering({ errors: [{ message: 'No.', extensions: { code: 'PAY_FIRST' } }] })],
  ])('that throw or refuse answer with %s, and the connection goes on: %s', async (code, query, plugin) => {
    await using server = await plugged([plugin]);
    for (let turn = 0; turn < 2; turn++) {
      const text = await server.send(query);
      expect(text).toContain(`"code":"${code}"`);
      expect(text).not.toContain('secret');
    }
  });
});

it.each<[what: string, answer: (api: FetchAPI) => Response]>([
  ["a stream of Yoga's", (api) => new api.Response(new api.ReadableStream({ pull: fail }))],
  ['a stream of the platform', () => new Response(new ReadableStream({ pull: fail }))],
])('By HTTP, %s that fails costs its client the answer, and nobody else', async (_what, answer) => {
  const plugin: Plugin = { onResponse: (hook) => hook.setResponse(answer(hook.fetchAPI)) };
  await using server = await plugged([plugin]);
  const asked = fetch(`${server.graphql}?query={__typename}`).then((response) => response.text());
  await expect(asked).rejects.toThrow();
  expect(await server.send(PAGE)).toContain(ANSWER.slice(0, -1));
});

it.each(Object.entries(TRANSPORTS))(
  'What a plugin throws when its subscription ends costs nobody anything, by %s',
  async (_name, subscribe) => {
    const plugin: Plugin = { onSubscribe: () => ({ onSubscribeResult: () => ({ onEnd: fail }) }) };
    await using server = await plugged([plugin]);
    const events = subscribe(server.graphql, { query: 'subscription { runEvents { kind } }' });
    void events.next();
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    await events.return?.();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    expect(await server.send('{ __typename }')).toContain('Query');
  },
);

it.each(['identity', 'gzip', 'zstd'])('An answer by %s has all cookies of a plugin', async (encoding) => {
  const onResponse: Plugin['onResponse'] = ({ response: { headers } }) => {
    for (const cookie of ['a=1', 'b=2', 'c=3']) headers.append('set-cookie', cookie);
  };
  await using server = await openListening({ config: { compression: true, plugins: [{ onResponse }] } });
  const url = `${server.graphql}?query={__schema{types{name}}}`;
  const { headers } = await fetch(url, { headers: { 'accept-encoding': encoding } });
  expect(headers.get('content-encoding') ?? 'identity').toBe(encoding);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2', 'c=3']);
});
