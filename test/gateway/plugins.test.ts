import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { defaultFieldResolver, extendSchema, GraphQLError, type GraphQLSchema, parse } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../src/gateway-options.ts';
import { runId } from '../support/live-runs.ts';
import { createRecordingPlugin } from '../support/recording-plugin.ts';
import { LONG, openWithPlugins } from '../support/with-plugins.ts';

const PAGE = '{ runs(first: 1) { nodes { id metadata } } }';
const ANSWER = `{"data":{"runs":{"nodes":[{"id":"${runId(3)}","metadata":{"n":${LONG}}}]}}}`;
const UPDATES = `subscription { runUpdates(id: "${runId(1)}") { status } }`;
const EVENTS = { accept: 'text/event-stream' };

/** The hooks of an operation, without what is around them. */
const BEFORE = ['onRequest', 'onRequestParse', 'onRequestParseDone', 'onParams', 'onEnveloped'];
const CHECKED = ['onParse', 'onParseDone', 'onValidate', 'onValidateDone'];
const CONTEXT = ['onContextBuilding', 'onContextBuildingDone'];
const AFTER = ['onExecutionResult', 'onResultProcess', 'onResponse'];
const QUERY = [...BEFORE, ...CHECKED, ...CONTEXT, 'onExecute', 'onExecuteDone', ...AFTER];
const SUBSCRIPTION = [...BEFORE, ...CHECKED, ...CONTEXT, 'onSubscribe', 'onSubscribeResult', ...AFTER];
const AROUND = ['request', 'requestParse', 'operation', 'init', 'parse', 'validate', 'context'];

describe('A plugin has its hooks called', () => {
  it.each<
    [name: string, query: string, init: RequestInit | undefined, hooks: readonly string[], last: string]
  >([
    [
      'a query by POST',
      PAGE,
      { method: 'POST', headers: { 'content-type': 'application/json' } },
      QUERY,
      'execute',
    ],
    ['a query by GET', PAGE, undefined, QUERY, 'execute'],
    ['a query as events', PAGE, { headers: EVENTS }, QUERY, 'execute'],
    ['a subscription', UPDATES, { headers: EVENTS }, [...SUBSCRIPTION, 'onNext', 'onEnd'], 'subscribe'],
  ])('by %s', async (_name, query, init, expected, last) => {
    const { plugin, hooks } = createRecordingPlugin();
    const test = await openWithPlugins([plugin]);
    expect(hooks.splice(0)).toEqual(['onPluginInit', 'onSchemaChange', 'onYogaInit']);
    const isPost = init?.method === 'POST';
    const search = isPost ? '' : `?query=${encodeURIComponent(query)}`;
    const body = isPost ? { body: JSON.stringify({ query }) } : {};
    const asked = new Request(`http://gateway/graphql${search}`, { ...init, ...body });
    await (await test.gateway.fetch(asked)).text();
    expect(hooks.filter((name) => name.startsWith('on'))).toEqual(expected);
    const around = hooks.filter((name) => !name.startsWith('on'));
    expect(around).toEqual([...AROUND, last, 'resultProcess'].map((name) => `instrumentation.${name}`));
    await test[Symbol.asyncDispose]();
    expect(hooks.at(-1)).toBe('onDispose');
  });

  it('for what is refused as far as it came, and not for who may not ask', async () => {
    const { plugin, hooks } = createRecordingPlugin();
    await using test = await openWithPlugins([plugin], { accessTokens: ['token'] });
    const mayAsk = { authorization: 'Bearer token' };
    const hooksOf = async (query: string, headers: Readonly<Record<string, string>>) => {
      hooks.length = 0;
      await test.send(query, headers);
      return hooks.filter((name) => name.startsWith('on'));
    };
    expect(await hooksOf('{ nope }', mayAsk)).toEqual([...BEFORE, ...CHECKED, ...AFTER]);
    expect(await hooksOf(PAGE, {})).toEqual(['onResponse']);
  });
});

/** The result of an operation, whatever a plugin makes of it. */
interface Result {
  // oxlint-disable-next-line typescript/no-explicit-any -- As plugins have it.
  data?: any;
  errors?: readonly Error[];
  extensions?: object;
}

type OnNext = (payload: { result: Result; setResult: (result: never) => void }) => void;

/** Hands the result of an operation to a function, and may replace it. */
const withResult = (change: (result: Result) => unknown): Plugin => ({
  onExecute: () => ({
    onExecuteDone({ result, setResult }) {
      const changed = change(result as Result);
      if (changed !== undefined) setResult(changed as never);
    },
  }),
});

describe('The result of an operation', () => {
  it('is the text of the engine without a plugin that touches it', async () => {
    await using test = await openWithPlugins([{ onResultProcess: () => undefined }]);
    expect((await test.send(PAGE)).text).toBe(ANSWER);
  });

  it('has plain data for a plugin that reads it, with whole numbers of any size', async () => {
    const seen: string[] = [];
    const read = withResult(({ data }) => {
      const [{ id, metadata }] = data.runs.nodes;
      seen.push(id, String(metadata.n), JSON.stringify(data));
    });
    await using test = await openWithPlugins([read]);
    expect((await test.send(PAGE)).text).toBe(ANSWER);
    expect(seen).toEqual([runId(3), LONG, ANSWER.slice(8, -1)]);
  });

  it.each<[name: string, change: (result: Result) => unknown, text: string]>([
    [
      'sets its extensions',
      (result) => void (result.extensions = { a: 1 }),
      `${ANSWER.slice(0, -1)},"extensions":{"a":1}}`,
    ],
    [
      'copies it',
      (result) => ({ ...result, extensions: { a: 1 } }),
      `${ANSWER.slice(0, -1)},"extensions":{"a":1}}`,
    ],
    [
      'copies its rows',
      ({ data }) => ({ data: { rows: data.runs.nodes.map((node: object) => ({ ...node })) } }),
      `{"data":{"rows":[{"id":"${runId(3)}","metadata":{"n":${LONG}}}]}}`,
    ],
    ['sets its data', (result) => void (result.data = { a: 1 }), '{"data":{"a":1}}'],
    [
      'changes a value within',
      ({ data }) => void (data.runs.nodes[0].id = 'x'),
      ANSWER.replace(runId(3), 'x'),
    ],
    ['gives another one', () => ({ data: { a: 1 } }), '{"data":{"a":1}}'],
  ])('is what a plugin makes of it that %s', async (_name, change, text) => {
    await using test = await openWithPlugins([withResult(change)]);
    expect((await test.send(PAGE)).text).toBe(text);
    const events = await test.send(PAGE, EVENTS);
    expect(/^data: (.+)$/m.exec(events.text)?.[1]).toBe(text);
  });

  it('may say its status and headers', async () => {
    const http = { status: 201, headers: { 'x-plugin': 'yes' } };
    await using test = await openWithPlugins([withResult((result) => ({ ...result, extensions: { http } }))]);
    const { status, headers, text } = await test.send(PAGE);
    expect([status, headers.get('x-plugin'), text]).toEqual([201, 'yes', ANSWER]);
  });

  it('of each event passes by plugins as well', async () => {
    const onNext: OnNext = ({ result, setResult }) =>
      setResult({ ...result, extensions: { seen: result.data } } as never);
    await using test = await openWithPlugins([
      { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext }) }) },
    ]);
    const seen = '{"runUpdates":{"status":"COMPLETED"}}';
    expect((await test.send(UPDATES, EVENTS)).text).toContain(
      `{"data":${seen},"extensions":{"seen":${seen}}}`,
    );
  });
});

describe('A plugin answers itself', () => {
  it.each<[string, Plugin, object]>([
    [
      'in onRequest',
      {
        onRequest: (payload) => payload.endResponse(new payload.fetchAPI.Response('mine', { status: 299 })),
      },
      { status: 299, text: 'mine' },
    ],
    [
      'in onParams',
      { onParams: ({ setResult }) => setResult({ data: { mine: 1 } }) },
      { status: 200, text: '{"data":{"mine":1}}' },
    ],
    [
      'in onExecute',
      { onExecute: ({ setResultAndStopExecution }) => setResultAndStopExecution({ data: { mine: 2 } }) },
      { status: 200, text: '{"data":{"mine":2}}' },
    ],
  ])('%s, with the headers of every answer', async (_name, plugin, expected) => {
    await using test = await openWithPlugins([plugin]);
    const answer = await test.send(PAGE);
    expect(answer).toMatchObject({ ...expected, asked: 0 });
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it('by errors, each with a code', async () => {
    const refuse = (status: number, code?: string): Plugin => ({
      onParams() {
        throw new GraphQLError('No.', { extensions: { http: { status }, ...(code && { code }) } });
      },
    });
    for (const [status, code, expected] of [
      [401, undefined, 'UNAUTHENTICATED'],
      [403, undefined, 'FORBIDDEN'],
      [429, undefined, 'RATE_LIMITED'],
      [402, 'PAY_FIRST', 'PAY_FIRST'],
    ] as const) {
      await using test = await openWithPlugins([refuse(status, code)]);
      const { status: answered, text } = await test.send(PAGE);
      expect(answered).toBe(status);
      const extensions = { code: expected, requestId: expect.any(String), retryable: false };
      expect(JSON.parse(text)).toEqual({ errors: [{ message: 'No.', extensions }] });
    }
  });
});

describe('A plugin that fails is not told of', () => {
  const fail = (): never => {
    throw new Error('secret words');
  };
  const MASKED = {
    message: 'Something went wrong in the gateway.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'mine', retryable: false },
  };
  const errorsOf = (text: string): unknown => JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '').errors;

  it.each([
    'onRequest',
    'onRequestParse',
    'onParams',
    'onEnveloped',
    'onParse',
    'onValidate',
    'onContextBuilding',
    'onExecute',
    'onExecutionResult',
    'onResultProcess',
    'onResponse',
  ])('in %s, and takes no connection from its caller', async (hook) => {
    await using test = await openWithPlugins([{ [hook]: fail }], { maxConnectionsPerCaller: 1 });
    for (let count = 0; count < 2; count++) {
      const { status, headers, text } = await test.send(PAGE, { 'x-request-id': 'mine' });
      expect([status, headers.get('x-request-id'), errorsOf(text)]).toEqual([500, 'mine', [MASKED]]);
    }
    expect(test.failures()).toEqual(['Error: secret words', 'Error: secret words']);
  });

  it.each<[string, string, Plugin, number]>([
    ['when a result is there', PAGE, { onExecute: () => ({ onExecuteDone: fail }) }, 500],
    ['when a subscription begins', UPDATES, { onSubscribe: fail }, 500],
    ['when there are events', UPDATES, { onSubscribe: () => ({ onSubscribeResult: fail }) }, 500],
    ['by an event', UPDATES, { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: fail }) }) }, 200],
    ['by a text', PAGE, { onParams: () => Promise.reject('secret words') }, 500],
    [
      'because it waits too long',
      PAGE,
      { onParams: () => Promise.reject(new DOMException('secret', 'TimeoutError')) },
      500,
    ],
  ])('%s', async (_name, query, plugin, expected) => {
    await using test = await openWithPlugins([plugin]);
    const accept = query === UPDATES ? EVENTS : {};
    const { status, text } = await test.send(query, { ...accept, 'x-request-id': 'mine' });
    expect([status, errorsOf(text)]).toEqual([expected, [MASKED]]);
    expect(test.failures()).toHaveLength(1);
  });

  it('beside data', async () => {
    await using test = await openWithPlugins([
      withResult((result) => void (result.errors = [new Error('secret')])),
    ]);
    const { status, text } = await test.send(PAGE, { 'x-request-id': 'mine' });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: { runs: {} }, errors: [MASKED] }]);
  });
});

describe('A schema that a plugin puts in place of the gateway’s', () => {
  /** Replaces the schema by one of which each resolver of a field of `Run` is wrapped. */
  const wrapRuns = (wrap: (value: unknown, context: { readonly who?: string }) => unknown): Plugin => {
    const made = new WeakSet<GraphQLSchema>();
    return {
      onSchemaChange({ schema, replaceSchema }) {
        if (made.has(schema)) return;
        const wrapped = mapSchema(schema, {
          [MapperKind.OBJECT_FIELD]: (field, _name, type) => {
            if (type !== 'Run') return field;
            const { resolve = defaultFieldResolver } = field;
            return {
              ...field,
              resolve: (root, args, context, info) => wrap(resolve(root, args, context, info), context),
            };
          },
        });
        made.add(wrapped);
        replaceSchema(wrapped);
      },
    };
  };

  it.each([
    PAGE,
    '{ runs(last: 2, order: ASC) { edges { cursor node { id createdAt rawStatus agent { id } } } totalCount { value } } }',
    `{ node(id: "${runId(2)}") { id ... on Run { totalDurationNs status } } nodes(ids: ["run-x"]) { id } }`,
    `{ _entities(representations: [{ __typename: "Run", id: "${runId(1)}" }]) { ... on Run { id status } } }`,
    '{ runs(first: -1) { nodes { id } } __type(name: "Run") { name } }',
    '{ runs { nope } }',
    `mutation { cancelRuns(ids: ["${runId(1)}"]) { runs { id status } } }`,
    UPDATES,
  ])('gives the same answers: %s', async (query) => {
    let calls = 0;
    await using plain = await openWithPlugins([]);
    await using replaced = await openWithPlugins([wrapRuns((value) => (calls++, value))]);
    const headers = { 'x-request-id': 'same', accept: '*/*' };
    const expected = await plain.send(query, headers);
    const { status, text, asked } = await replaced.send(query, headers);
    expect([status, text, asked]).toEqual([expected.status, expected.text, expected.asked]);
    if (/"(?:id|status)"/.test(text)) expect(calls).toBeGreaterThan(0);
  });

  it('has resolvers that find what plugins put into the context, also for each event', async () => {
    const who: Plugin = {
      onContextBuilding: ({ extendContext }) => extendContext({ who: 'alice' } as never),
    };
    const hide = wrapRuns((value, context) => (context.who === 'alice' ? null : value));
    await using test = await openWithPlugins([who, hide]);
    expect((await test.send('{ runs(first: 1) { nodes { stopReason } } }')).text).toBe(
      '{"data":{"runs":{"nodes":[{"stopReason":null}]}}}',
    );
    expect((await test.send(UPDATES.replace('status', 'stopReason'), EVENTS)).text).toContain(
      '{"stopReason":null}',
    );
  });

  it('is bounded in time and bytes as the gateway’s own', async () => {
    await using slow = await openWithPlugins([wrapRuns(() => new Promise(() => undefined))], {
      operationTimeoutMs: 50,
    });
    expect(await slow.send(PAGE)).toMatchObject({
      status: 504,
      text: expect.stringContaining('OPERATION_TIMEOUT'),
    });
    await using small = await openWithPlugins([wrapRuns((value) => value)], { maxResponseBytes: 1024 });
    const aliases = Array.from({ length: 60 }, (_, at) => `a${at}: id`).join(' ');
    const { text } = await small.send(`{ runs { nodes { ${aliases} } } }`);
    expect(text).toContain('RESPONSE_TOO_LARGE');
  });

  it('may have fields of its own', async () => {
    const made = new WeakSet<GraphQLSchema>();
    const extend: Plugin = {
      onSchemaChange({ schema, replaceSchema }) {
        if (made.has(schema)) return;
        const extended = extendSchema(schema, parse('extend type Query { mine: Mine } type Mine { a: Int }'));
        made.add(extended);
        replaceSchema(extended);
      },
    };
    await using test = await openWithPlugins([extend]);
    expect((await test.send('{ mine { a } runs(first: 1) { nodes { id } } }')).text).toBe(
      `{"data":{"mine":null,"runs":{"nodes":[{"id":"${runId(3)}"}]}}}`,
    );
  });
});

describe('What a plugin puts in the place of an operation', () => {
  const replacing = (query: string) => ({
    onExecute: ({ args }: { args: { document: unknown } }) => void (args.document = parse(query)),
  });

  it('is for those who may send it', async () => {
    await using test = await openWithPlugins([replacing('mutation { cancelRuns(ids: []) { __typename } }')], {
      readOnlyAccessTokens: ['reader'],
      apiKey: 'key',
    });
    const { text, asked } = await test.send(PAGE, { authorization: 'Bearer reader' });
    expect([JSON.parse(text).errors, asked]).toMatchObject([[{ extensions: { code: 'FORBIDDEN' } }], 0]);
  });

  it('has a price', async () => {
    await using test = await openWithPlugins([replacing('{ runs(first: 90) { nodes { id } } }')], {
      maxCost: 50,
    });
    const { text, asked } = await test.send(PAGE);
    expect([JSON.parse(text).errors, asked]).toMatchObject([
      [{ extensions: { code: 'COST_LIMIT_EXCEEDED' } }],
      0,
    ]);
  });
});

describe('A stream is over for its caller', () => {
  const open = (gateway: Gateway) => {
    const search = `query=${encodeURIComponent('subscription { runEvents { kind } }')}`;
    return gateway.fetch(new Request(`http://gateway/graphql?${search}`, { headers: EVENTS }));
  };

  it('when it is left, and no earlier', async () => {
    await using test = await openWithPlugins([], { maxConnectionsPerCaller: 2 });
    const streams = await Promise.all([open(test.gateway), open(test.gateway)]);
    expect((await open(test.gateway)).status).toBe(503);
    await streams[0]?.body?.cancel();
    const again = await open(test.gateway);
    expect(again.status).toBe(200);
    for (const { body } of [again, ...streams.slice(1)]) await body?.cancel();
  });

  it('when a plugin has answered in its place', async () => {
    const answered: Plugin = {
      onResponse: (hook) => hook.setResponse(new hook.fetchAPI.Response('other')),
    };
    await using test = await openWithPlugins([answered]);
    expect(await (await open(test.gateway)).text()).toBe('other');
    const metrics = () => test.gateway.metrics.registry.getSingleMetricAsString('runs_gateway_subscriptions');
    await expect.poll(metrics).toMatch(/subscriptions 0$/m);
  });
});
