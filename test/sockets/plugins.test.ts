import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { createRecordingPlugin } from '../support/recording-plugin.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { ANSWER, LONG, PAGE, RUNS, UPDATES } from '../support/with-plugins.ts';
import { connected } from './connected.ts';

/** A gateway with plugins over runs that have ended, and a client of its WebSockets. */
async function plugged(plugins: readonly object[]) {
  const server = await connected({ runs: RUNS, config: { plugins } });
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

it("By HTTP, one of Yoga's streams that fails costs its client the answer, and nobody else", async () => {
  const failing = async function* () {
    yield Buffer.from('a');
    throw new Error('secret');
  };
  const plugin: Plugin = {
    onResponse: (hook) => hook.setResponse(new hook.fetchAPI.Response(failing() as never)),
  };
  await using server = await plugged([plugin]);
  const asked = fetch(`${server.url}/graphql?query={__typename}`).then((response) => response.text());
  await expect(asked).rejects.toThrow();
  expect(await server.send(PAGE)).toContain(ANSWER.slice(0, -1));
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
