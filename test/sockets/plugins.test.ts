import { createHmac } from 'node:crypto';
import { useDisableIntrospection } from '@graphql-yoga/plugin-disable-introspection';
import { createInlineSigningKeyProvider, useJWT } from '@graphql-yoga/plugin-jwt';
import { useResponseCache } from '@graphql-yoga/plugin-response-cache';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { runAt, runId } from '../support/live-runs.ts';
import { createRecordingPlugin } from '../support/recording-plugin.ts';
import { TRANSPORTS } from '../support/subscriber.ts';
import { LONG } from '../support/with-plugins.ts';
import { connected } from './connected.ts';

const PAGE = '{ runs(first: 1) { nodes { id metadata } } }';
const ANSWER = `{"data":{"runs":{"nodes":[{"id":"${runId(1)}","metadata":{"n":${LONG}}}]}}}`;
const UPDATES = `subscription { runUpdates(id: "${runId(1)}") { status } }`;

/** A gateway with plugins over a run that has ended, and a client of its WebSockets. */
async function plugged(plugins: readonly object[], init = {}) {
  const runs = [{ ...runAt(1, 1), metadata: { n: JSON.rawJSON(LONG) } }];
  const server = await connected({ runs: runs as never, config: { plugins } }, init);
  const { socket } = server;
  const texts: string[] = [];
  socket.client.on('message', (data: Buffer) => void texts.push(String(data)));
  await socket.next();
  let id = 0;
  return {
    ...server,
    /** Returns the messages for an operation as they came, until it has ended. */
    async send(query: string): Promise<readonly string[]> {
      texts.length = 0;
      socket.send({ type: 'subscribe', id: `${++id}`, payload: { query } });
      for (;;) if (['complete', 'error'].includes((await socket.next()).type)) return [...texts];
    },
  };
}

const fail = (): never => {
  throw new Error('secret');
};

const CHECKED = ['onParse', 'onParseDone', 'onValidate', 'onValidateDone'];
const ASKED = ['onRequestParse', 'onRequestParseDone', 'onParams', 'onEnveloped'];
const BEFORE = [...ASKED, ...CHECKED, 'onContextBuilding', 'onContextBuildingDone'];

describe('By WebSocket', () => {
  it.each<[query: string, hooks: readonly string[], around: readonly string[]]>([
    [PAGE, [...BEFORE, 'onExecute', 'onExecuteDone'], ['init', 'parse', 'validate', 'context', 'execute']],
    [
      UPDATES,
      [...BEFORE, 'onSubscribe', 'onSubscribeResult', 'onNext', 'onEnd'],
      ['init', 'parse', 'validate', 'context', 'subscribe'],
    ],
    ['{ nope }', [...ASKED, ...CHECKED], ['init', 'parse', 'validate']],
  ])('a plugin has the hooks called that are not of HTTP: %s', async (query, expected, around) => {
    const { plugin, hooks } = createRecordingPlugin();
    await using server = await plugged([plugin]);
    hooks.length = 0;
    await server.send(query);
    expect(hooks.filter((name) => name.startsWith('on'))).toEqual(expected);
    expect(hooks.filter((name) => !name.startsWith('on'))).toEqual(
      around.map((name) => `instrumentation.${name}`),
    );
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
    const [text = ''] = await server.send(PAGE);
    expect(JSON.parse(text).payload.data.same.runs.nodes[0].id).toBe(runId(1));
    expect(text).toContain(`{"n":${LONG}}`);
  });

  it('what a plugin throws is an error of its operation, and masked', async () => {
    let isFailing = true;
    const plugin: Plugin = {
      onExecute() {
        if (isFailing) throw new Error('secret');
      },
    };
    await using server = await plugged([plugin]);
    const [text = ''] = await server.send(PAGE);
    expect(text).toContain('"code":"INTERNAL_SERVER_ERROR"');
    expect(text).not.toContain('secret');
    isFailing = false;
    expect((await server.send(PAGE))[0]).toContain(ANSWER);
  });

  it.each<[name: string, query: string, plugin: Plugin]>([
    ['for an event', UPDATES, { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: fail }) }) }],
    [
      'beside a result',
      PAGE,
      {
        onExecute: () => ({
          onExecuteDone: ({ result }) => void Object.assign(result, { errors: [new Error('secret')] }),
        }),
      },
    ],
  ])('what a plugin throws %s is masked, and its connection goes on', async (_name, query, plugin) => {
    await using server = await plugged([plugin]);
    for (let turn = 0; turn < 2; turn++) {
      const [text = ''] = await server.send(query);
      expect(text).toContain('"code":"INTERNAL_SERVER_ERROR"');
      expect(text).not.toContain('secret');
    }
  });

  it.each<[code: string, plugin: object]>([
    ['GRAPHQL_VALIDATION_FAILED', useDisableIntrospection()],
    ['FORBIDDEN', { onRequestParse: (hook) => hook.endResponse(new Response()) } satisfies Plugin],
  ])('what plugins refuse by onRequestParse is %s, each time', async (code, plugin) => {
    await using server = await plugged([plugin]);
    for (let turn = 0; turn < 2; turn++) {
      expect((await server.send('{ __schema { queryType { name } } }'))[0]).toContain(`"code":"${code}"`);
    }
  });

  it('with useResponseCache, a query is sent upstream once', async () => {
    await using server = await plugged([useResponseCache({ session: () => null, ttl: 60_000 })]);
    for (const asked of [1, 0, 0]) {
      const before = server.upstream.requests.length;
      expect((await server.send(PAGE))[0]).toContain(ANSWER.slice(0, -1));
      expect(server.upstream.requests.length - before).toBe(asked);
    }
  });

  it.each([
    ['is let in', 'key', ['alice', 'alice', 'alice']],
    ['that somebody else has signed is refused, each time', 'other', []],
  ])('with useJWT, a token %s', async (_name, key, expected) => {
    const jwt = useJWT({
      signingKeyProviders: [createInlineSigningKeyProvider('key')],
      tokenVerification: { algorithms: ['HS256'] },
    });
    const seen: unknown[] = [];
    const see = (context: object): void => void seen.push(Object(context).jwt.payload.sub);
    const look: Plugin = {
      onExecute: ({ args }) => see(args.contextValue),
      onSubscribe: ({ args }) => see(args.contextValue),
    };
    const [head, body] = [{ alg: 'HS256', typ: 'JWT' }, { sub: 'alice' }].map((part) =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    const signature = createHmac('sha256', key).update(`${head}.${body}`).digest('base64url');
    const authorization = `Bearer ${head}.${body}.${signature}`;
    await using server = await plugged([jwt, look], { authorization });
    for (const query of [PAGE, PAGE, UPDATES]) {
      const [text = ''] = await server.send(query);
      expect(text.includes('"code":"UNAUTHENTICATED"')).toBe(expected.length === 0);
    }
    expect(seen).toEqual(expected);
  });
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
  expect((await server.send('{ __typename }'))[0]).toContain('Query');
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
    expect((await server.send('{ __typename }'))[0]).toContain('Query');
  },
);

it('A result that is no JSON fails its operation alone', async () => {
  const result = { data: { n: 10n } };
  await using server = await plugged([
    {
      onExecute: ({ setResultAndStopExecution }: { setResultAndStopExecution: (r: object) => void }) =>
        setResultAndStopExecution(result),
    },
  ]);
  for (let count = 0; count < 2; count++) {
    const [message = ''] = await server.send(PAGE);
    expect(message).toContain('INTERNAL_SERVER_ERROR');
  }
});
