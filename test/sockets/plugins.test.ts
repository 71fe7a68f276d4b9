import { setTimeout as sleep } from 'node:timers/promises';
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { buildSchema } from 'graphql';
import type { FetchAPI, Plugin } from 'graphql-yoga';
import { describe, expect, it, vi } from 'vitest';
import type { GatewayOptions } from '../../src/gateway-options.ts';
import { runAt, runId } from '../support/live-runs.ts';
import { openListening } from '../support/open-listening.ts';
import { createRecordingPlugin } from '../support/recording-plugin.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { ANSWER, LONG, PAGE, RUNS, UPDATES } from '../support/with-plugins.ts';
import { connected } from './connected.ts';

/** A gateway with plugins over runs that have ended, and a client of its WebSockets. */
async function plugged(plugins: readonly object[], config: GatewayOptions = {}) {
  const server = await connected({ runs: RUNS, config: { plugins, ...config } });
  const { socket } = server;
  const texts: string[] = [];
  socket.client.on('message', (data: Buffer) => void texts.push(String(data)));
  await socket.next();
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

describe('By WebSocket', () => {
  it.each([PAGE, UPDATES, '{ nope }'])('a plugin has the same hooks called as by HTTP: %s', async (query) => {
    const { plugin, hooks } = createRecordingPlugin();
    await using server = await plugged([plugin]);
    hooks.length = 0;
    await server.send(query);
    const bySocket = hooks.splice(0);
    const byHttp = await fetch(`${server.url}/graphql?${new URLSearchParams({ query })}`);
    await byHttp.text();
    expect(bySocket).toContain('onResponse');
    expect(bySocket).toEqual(hooks);
  });

  it('a plugin sees the host that was connected to, whichever the client names afterwards', async () => {
    const hosts: unknown[] = [];
    const onRequest: Plugin['onRequest'] = ({ request }) =>
      void hosts.push(URL.parse(request.url)?.host, request.headers.get('host'));
    await using server = await connected({ config: { plugins: [{ onRequest }] } }, { host: 'other.test' });
    server.socket.send({ type: 'subscribe', id: '1', payload: { query: '{ __typename }' } });
    expect(await server.socket.next()).toEqual({ type: 'connection_ack' });
    expect(await server.socket.next()).toMatchObject({ type: 'next' });
    const { host } = new URL(server.url);
    expect(hosts).toEqual([host, host]);
  });

  it('a result is what a plugin makes of it, with whole numbers of any size', async () => {
    const plugin: Plugin = {
      onExecute: () => ({
        onExecuteDone({ result, setResult }) {
          if ('data' in result) setResult({ data: { same: result.data } });
        },
      }),
    };
    await using server = await plugged([plugin]);
    expect(await server.send(PAGE)).toContain(`"same":{"runs":{"nodes":[{`);
    expect(await server.send(PAGE)).toContain(`{"n":${LONG}}`);
  });

  it.each<[code: string, query: string, plugin: object]>([
    ['INTERNAL_SERVER_ERROR', PAGE, { onExecute: fail }],
    [
      'INTERNAL_SERVER_ERROR',
      UPDATES,
      { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: fail }) }) },
    ],
    [
      'INTERNAL_SERVER_ERROR',
      PAGE,
      {
        onExecute: (hook: { setResultAndStopExecution: (result: object) => void }) =>
          hook.setResultAndStopExecution({ data: { n: 10n } }),
      },
    ],
    ['INTERNAL_SERVER_ERROR', PAGE, { onResultProcess: (hook) => hook.setResult([]) } satisfies Plugin],
    ['GRAPHQL_VALIDATION_FAILED', '{ __schema { queryType { name } } }', useDisableIntrospection()],
    ['FORBIDDEN', PAGE, { onRequestParse: (hook) => hook.endResponse(new Response()) } satisfies Plugin],
    ['PAY_FIRST', PAGE, answering({ errors: [{ message: 'No.', extensions: { code: 'PAY_FIRST' } }] })],
  ])(
    'what a plugin throws or refuses is %s of %s, and the connection goes on',
    async (code, query, plugin) => {
      await using server = await plugged([plugin]);
      for (let turn = 0; turn < 2; turn++) {
        const text = await server.send(query);
        expect(text).toContain(`"code":"${code}"`);
        expect(text).not.toContain('secret');
      }
    },
  );
});

const reject = () => Promise.reject(new Error('secret'));
const failing = async function* () {
  yield Buffer.from('a');
  throw new Error('secret');
};

it.each<[what: string, answer: (api: FetchAPI) => Response]>([
  ['an iterator', (api) => new api.Response(failing() as never)],
  ["a stream of Yoga's", (api) => new api.Response(new api.ReadableStream({ pull: reject }))],
  ['a stream of the platform', () => new Response(new ReadableStream({ pull: reject }))],
])('By HTTP, %s that fails costs its client the answer, and nobody else', async (_what, answer) => {
  const plugin: Plugin = { onResponse: (hook) => hook.setResponse(answer(hook.fetchAPI)) };
  await using server = await plugged([plugin]);
  const asked = fetch(`${server.url}/graphql?query={__typename}`).then((response) => response.text());
  await expect(asked).rejects.toThrow();
  expect(await server.send(PAGE)).toContain(ANSWER.slice(0, -1));
});

it.each([...Array(4).keys()])(
  'By HTTP, a client that leaves an event stream which a plugin has put into a Response of the platform ends that alone: %i',
  async (number) => {
    const plugin: Plugin = {
      onResponse: ({ response: { body, headers }, ...hook }) =>
        hook.setResponse(new Response(body, { headers: [...headers] })),
    };
    const runs = [runAt(1, 1, { status: 'running' })];
    await using server = await openListening({ runs, config: { plugins: [plugin] } });
    const leave = new AbortController();
    const query = `subscription { runUpdates(id: "${runId(1)}") { status } }`;
    const headers = { accept: 'text/event-stream' };
    const url = `${server.url}/graphql?${new URLSearchParams({ query })}`;
    const { body } = await fetch(url, { headers, signal: leave.signal });
    const reader = body?.getReader();
    for (let chunk = 0; chunk < 2; chunk++) await reader?.read();
    await sleep(number * 10);
    leave.abort();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
  },
);

it.each<[what: string, source: UnderlyingDefaultSource]>([
  ['has no end', { pull: (body) => body.enqueue(Buffer.alloc(65_536)) }],
  ['does not come', {}],
  ['fails', { pull: reject }],
])('By WebSocket, a response of a plugin whose body %s is an error', async (_what, source) => {
  const answer = () => new Response(new ReadableStream(source));
  const plugin: Plugin = { onRequest: (hook) => hook.endResponse(answer()) };
  await using server = await plugged([plugin], { operationTimeoutMs: 100 });
  for (let turn = 0; turn < 2; turn++)
    expect(await server.send(PAGE)).toContain('"code":"INTERNAL_SERVER_ERROR"');
});

const sourceOf = (next: () => unknown, more: object = {}): never =>
  ({ next, ...more, [Symbol.asyncIterator]: () => sourceOf(next, more) }) as never;
const streaming = (source: () => never): Plugin => ({ onSubscribe: (hook) => hook.setSubscribeFn(source) });
const rejecting = () => sourceOf(reject);
const failures: readonly (readonly [what: string, plugin: Plugin])[] = [
  ['whose next() rejects', streaming(rejecting)],
  ['whose next() throws', streaming(() => sourceOf(fail))],
  ['that cannot be opened', streaming(() => ({ [Symbol.asyncIterator]: fail }) as never)],
  ['of no results', streaming(() => sourceOf(() => Promise.resolve()))],
  [
    'of results without JSON',
    streaming(() => sourceOf(() => Promise.resolve({ value: { data: { n: 1n } } }))),
  ],
  ['instead of an execution', { onSubscribe: (hook) => hook.setResultAndStopExecution(rejecting()) }],
  ['set by onParams', { onParams: (hook) => hook.setResult(rejecting()) }],
  ['set by onResultProcess', { onResultProcess: (hook) => hook.setResult(rejecting()) }],
];

it.each<[what: string, plugin: Plugin]>([
  ['in the context', { onContextBuilding: (hook) => hook.extendContext({ user: reject() } as object) }],
  ['as a document', { onParse: (hook) => hook.setParsedDocument(reject()) }],
  ['of parsing', { onParse: (hook) => hook.setParseFn(reject as never) }],
  ['of validation', { onValidate: (hook) => hook.setValidationFn(reject as never) }],
  ['as the result of validation', { onValidate: (hook) => hook.setResult(reject() as never) }],
])('A rejected promise that a hook sets ends no process: %s', async (_what, plugin) => {
  await using server = await plugged([plugin]);
  expect(await server.send(PAGE)).not.toContain('secret');
  expect(await server.send('{ __typename }')).not.toContain('secret');
});

const byTransport = Object.entries(TRANSPORTS).flatMap(([transport, subscribe]) =>
  failures.map(([what, plugin]) => [transport, what, plugin, subscribe] as const),
);

it.each(byTransport)(
  'By %s, a stream %s ends with one error',
  async (_transport, _what, plugin, subscribe) => {
    await using server = await plugged([plugin]);
    const results = subscribe(`${server.url}/graphql`, { query: UPDATES });
    const codes = await Array.fromAsync(results, ({ errors = [] }) => errors[0]?.extensions?.['code']);
    expect(codes).toEqual(['INTERNAL_SERVER_ERROR']);
  },
);

it.each(Object.entries(TRANSPORTS))(
  'A stream that never waits does not stop others, by %s',
  async (_name, subscribe) => {
    const flood = sourceOf(() => Promise.resolve({ value: { data: { n: 1 } }, done: false }));
    await using server = await plugged([streaming(() => flood)]);
    const events = subscribe(`${server.url}/graphql`, { query: UPDATES });
    await events.next();
    expect(await server.send('{ __typename }')).toContain('Query');
    await events.return?.();
  },
);

it.each<[what: string, end: { close?: () => unknown; onEnd?: () => unknown }]>([
  ['return() throws', { close: fail }],
  ['return() rejects', { close: reject }],
  ['onEnd throws', { onEnd: fail }],
  ['onEnd rejects', { onEnd: reject }],
])('What fails when a subscription ends closes no connection: %s', async (_what, { close, onEnd }) => {
  const waits = vi.fn(() => new Promise(() => undefined));
  const source = sourceOf(waits, { return: close });
  const schema = buildSchema('type Query { n: Int } type Subscription { n: Int }');
  Object.assign(schema.getSubscriptionType()?.getFields()['n'] ?? {}, { subscribe: () => source });
  const result: Plugin = {
    onSubscribe: ({ setSubscribeFn }) => {
      setSubscribeFn(() => source);
      return { onSubscribeResult: () => ({ onEnd }) as object };
    },
  };
  const ofSchema: Plugin = { onPluginInit: ({ setSchema }) => setSchema(schema) };
  for (const plugin of [result, ofSchema]) {
    await using server = await plugged([plugin]);
    const { socket } = server;
    waits.mockClear();
    const query = plugin === result ? UPDATES : 'subscription { n }';
    socket.send({ type: 'subscribe', id: 'open', payload: { query } });
    await expect.poll(() => waits.mock.calls.length).toBe(1);
    socket.send({ type: 'complete', id: 'open' });
    expect(await server.send('{ __typename }')).toContain('Query');
  }
});

it.each(Object.entries(TRANSPORTS))(
  'What a plugin throws when its subscription ends costs nobody anything, by %s',
  async (_name, subscribe) => {
    const plugin: Plugin = { onSubscribe: () => ({ onSubscribeResult: () => ({ onEnd: fail }) }) };
    await using server = await plugged([plugin]);
    const events = subscribe(`${server.url}/graphql`, { query: 'subscription { runEvents { kind } }' });
    void events.next();
    await expect.poll(() => server.metric('subscriptions')).toBe(1);
    await events.return?.();
    await expect.poll(() => server.metric('subscriptions')).toBe(0);
    expect(await server.send('{ __typename }')).toContain('Query');
  },
);

it('Cookies that a plugin sets come each in a header of its own', async () => {
  const plugin: Plugin = {
    onResponse({ response: { headers } }) {
      for (const cookie of ['a=1; Path=/', 'b=2; Path=/']) headers.append('set-cookie', cookie);
    },
  };
  await using server = await openListening({ config: { plugins: [plugin] } });
  const { headers } = await fetch(`${server.url}/graphql?query={__typename}`);
  expect(headers.getSetCookie()).toEqual(['a=1; Path=/', 'b=2; Path=/']);
});

it.each(['identity', 'gzip', 'zstd'])('An answer by %s has all cookies of a plugin', async (encoding) => {
  const onResponse: Plugin['onResponse'] = ({ response: { headers } }) => {
    for (const cookie of ['a=1', 'b=2', 'c=3']) headers.append('set-cookie', cookie);
  };
  await using server = await openListening({ config: { compression: true, plugins: [{ onResponse }] } });
  const url = `${server.url}/graphql?query={__schema{types{name}}}`;
  const { headers } = await fetch(url, { headers: { 'accept-encoding': encoding } });
  expect(headers.get('content-encoding') ?? 'identity').toBe(encoding);
  expect(headers.getSetCookie()).toEqual(['a=1', 'b=2', 'c=3']);
});
