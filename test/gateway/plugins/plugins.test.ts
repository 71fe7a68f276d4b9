import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { type DocumentNode, GraphQLError, visit } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { describe, expect, it } from 'vitest';
import { mixedRunId } from '../../support/ids.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { createRecordingPlugin } from '../../support/recording-plugin.ts';
import { ANSWER, EVENTS, LONG, openWithPlugins, PAGE, UPDATES } from '../../support/with-plugins.ts';

/** The hooks of an operation, without what is around them. */
const BEFORE = ['onRequest', 'onRequestParse', 'onRequestParseDone', 'onParams', 'onEnveloped'];
const CHECKED = ['onParse', 'onParseDone', 'onValidate', 'onValidateDone'];
const CONTEXT = ['onContextBuilding', 'onContextBuildingDone'];
const AFTER = ['onExecutionResult', 'onResultProcess', 'onResponse'];

it.each<[what: string, query: string, headers: Readonly<Record<string, string>>, hooks: readonly string[]]>([
  ['a query', PAGE, {}, [...BEFORE, ...CHECKED, ...CONTEXT, 'onExecute', 'onExecuteDone', ...AFTER]],
  [
    'a subscription',
    UPDATES,
    EVENTS,
    [...BEFORE, ...CHECKED, ...CONTEXT, 'onSubscribe', 'onSubscribeResult', ...AFTER, 'onNext', 'onEnd'],
  ],
  ['what is not valid', '{ nope }', {}, [...BEFORE, ...CHECKED, ...AFTER]],
  ['whoever may not ask', PAGE, { authorization: 'Bearer other' }, ['onResponse']],
])('A plugin has its hooks called for %s, as far as it comes', async (_what, query, headers, expected) => {
  const { plugin, hooks } = createRecordingPlugin();
  const test = await openWithPlugins([plugin], { accessTokens: ['token'], apiKey: 'key' });
  expect(hooks.splice(0)).toEqual(['onPluginInit', 'onSchemaChange', 'onYogaInit']);
  await test.send(query, { authorization: 'Bearer token', ...headers });
  expect(hooks).toEqual(expected);
  await test[Symbol.asyncDispose]();
  expect(hooks.at(-1)).toBe('onDispose');
});

it('A plugin that fails when it is disposed of keeps nothing open, and is logged', async () => {
  const { log, lines } = recordedLog();
  const fail = (): never => {
    throw new Error('not closed');
  };
  const test = await openWithPlugins([{ onDispose: fail }, { [Symbol.asyncDispose]: fail }], { log });
  await test[Symbol.asyncDispose]();
  expect(JSON.stringify(lines)).toContain('Unexpected error');
});

/** The result of an operation, whatever a plugin makes of it. */
interface Result {
  // oxlint-disable-next-line typescript/no-explicit-any -- As plugins have it.
  data?: any;
  errors?: readonly Error[];
  extensions?: object;
}

/** Hands the result of an operation to a function, and may replace it. */
const withResult = (change: (result: Result) => unknown): Plugin => ({
  onExecute: () => ({
    onExecuteDone({ result, setResult }) {
      const changed = change(result as Result);
      if (changed !== undefined) setResult(changed as never);
    },
  }),
});

describe('plugins: onExecuteDone and onNext', () => {
  it('show plain data to a plugin that reads it, with whole numbers of any size', async () => {
    const seen: string[] = [];
    const read = withResult(({ data }) => {
      const [{ id, metadata }] = data.runs.nodes;
      seen.push(id, String(metadata.n), JSON.stringify(data));
    });
    await using test = await openWithPlugins([read]);
    expect((await test.send(PAGE)).text).toBe(ANSWER);
    expect(seen).toEqual([mixedRunId(3), LONG, ANSWER.slice(8, -1)]);
  });

  it.each<[name: string, change: (result: Result) => unknown, text: string]>([
    [
      'sets its extensions',
      (result) => void (result.extensions = { a: 1 }),
      `${ANSWER.slice(0, -1)},"extensions":{"a":1}}`,
    ],
    [
      'copies its rows',
      ({ data }) => ({ data: { rows: data.runs.nodes.map((node: object) => ({ ...node })) } }),
      `{"data":{"rows":[{"id":"${mixedRunId(3)}","metadata":{"n":${LONG}}}]}}`,
    ],
    [
      'changes a value within',
      ({ data }) => void (data.runs.nodes[0].id = 'x'),
      ANSWER.replace(mixedRunId(3), 'x'),
    ],
    ['gives another one', () => ({ data: { a: 1 } }), '{"data":{"a":1}}'],
  ])('change the answer of a plugin that %s', async (_name, change, text) => {
    await using test = await openWithPlugins([withResult(change)]);
    expect((await test.send(PAGE)).text).toBe(text);
    const events = await test.send(PAGE, EVENTS);
    expect(/^data: (.+)$/m.exec(events.text)?.[1]).toBe(text);
  });

  it('change the results of events, too', async () => {
    const onNext = ({ result, setResult }: { result: Result; setResult: (result: never) => void }) =>
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

it('An answer that a plugin makes fail has the request id that was sent upstream, and its operation is logged, counted and traced', async () => {
  const { log, lines } = recordedLog();
  const exporter = new InMemorySpanExporter();
  const spanProcessors = [new SimpleSpanProcessor({ exporter })];
  const tracer = new TracerProvider({ spanProcessors }).getTracer('app');
  const onResponse = (): never => {
    throw new Error('no response');
  };
  await using test = await openWithPlugins([{ onResponse }], { log, tracer });
  const { status, headers } = await test.send(PAGE);
  const id = test.upstream.requests[0]?.headers['x-request-id'];
  const logged = lines.map(({ message, fields }) => [message, fields['requestId']]);
  expect([status, headers.get('x-request-id')]).toEqual([500, id]);
  expect(logged).toEqual([
    ['Operation', id],
    ['Unexpected error', id],
  ]);
  expect(exporter.getFinishedSpans().map(({ name }) => name)).toContain('query');
  expect(await test.gateway.metrics.registry.metrics()).toContain(
    'runs_gateway_operations_total{code="OK"} 1',
  );
});

it('The `Vary` of a plugin stays beside what the gateway goes by', async () => {
  const onResultProcess: Plugin['onResultProcess'] = ({ result }) =>
    void Object.assign(result, { extensions: { http: { headers: { vary: 'accept-language' } } } });
  await using test = await openWithPlugins([{ onResultProcess }]);
  const { headers } = await test.send(PAGE);
  expect(headers.get('vary')).toBe('accept-language, accept, accept-encoding');
});

describe('plugins: endResponse, setResultAndStopExecution and GraphQLError', () => {
  it.each<[string, Plugin, object]>([
    [
      'in onRequest',
      { onRequest: (payload) => payload.endResponse(new payload.fetchAPI.Response('mine', { status: 299 })) },
      { status: 299, text: 'mine' },
    ],
    [
      'in onExecute',
      { onExecute: ({ setResultAndStopExecution }) => setResultAndStopExecution({ data: { mine: 2 } }) },
      { status: 200, text: '{"data":{"mine":2}}' },
    ],
  ])('answer %s, with the headers of every answer', async (_name, plugin, expected) => {
    await using test = await openWithPlugins([plugin]);
    const answer = await test.send(PAGE);
    expect(answer).toMatchObject({ ...expected, asked: 0 });
    expect(answer.headers.get('x-request-id')).not.toBeNull();
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
  });

  it.each([
    [401, undefined, 'UNAUTHENTICATED'],
    [403, undefined, 'FORBIDDEN'],
    [429, undefined, 'RATE_LIMITED'],
    [402, 'PAY_FIRST', 'PAY_FIRST'],
  ])('refuse with %i and the code %s, which is shown as %s', async (status, own, code) => {
    await using test = await openWithPlugins([
      {
        onParams() {
          throw new GraphQLError('No.', { extensions: { http: { status }, ...(own && { code: own }) } });
        },
      },
    ]);
    const answer = await test.send(PAGE);
    const extensions = { code, requestId: expect.any(String), retryable: false };
    expect([answer.status, JSON.parse(answer.text)]).toEqual([
      status,
      { errors: [{ message: 'No.', extensions }] },
    ]);
  });
});

describe('plugins that throw', () => {
  const fail = (): never => {
    throw new Error('secret words');
  };
  const MASKED = {
    message: 'Something went wrong in the gateway.',
    extensions: { code: 'INTERNAL_SERVER_ERROR', requestId: 'mine', retryable: false },
  };
  const errorsOf = (text: string): unknown => JSON.parse(/\{.*\}/.exec(text)?.[0] ?? '').errors;

  it.each<[string, string, Plugin, number]>([
    ['in onParams', PAGE, { onParams: fail }, 500],
    ['when a result is there', PAGE, { onExecute: () => ({ onExecuteDone: fail }) }, 500],
    ['when a subscription begins', UPDATES, { onSubscribe: fail }, 500],
    ['by an event', UPDATES, { onSubscribe: () => ({ onSubscribeResult: () => ({ onNext: fail }) }) }, 200],
  ])(
    '%s are masked as INTERNAL_SERVER_ERROR, and take no connection from their caller',
    async (_name, query, plugin, expected) => {
      await using test = await openWithPlugins([plugin], { maxRequestsPerCaller: 1 });
      const accept = query === UPDATES ? EVENTS : {};
      for (let count = 0; count < 2; count++) {
        const { status, headers, text } = await test.send(query, { ...accept, 'x-request-id': 'mine' });
        expect([status, headers.get('x-request-id'), errorsOf(text)]).toEqual([expected, 'mine', [MASKED]]);
      }
      expect(test.failures()).toHaveLength(2);
    },
  );

  it('beside data are masked as INTERNAL_SERVER_ERROR', async () => {
    await using test = await openWithPlugins([
      withResult((result) => void (result.errors = [new Error('secret')])),
    ]);
    const { status, text } = await test.send(PAGE, { 'x-request-id': 'mine' });
    expect([status, JSON.parse(text)]).toMatchObject([200, { data: { runs: {} }, errors: [MASKED] }]);
  });
});

it.each<[hook: string, plugin: object]>([
  ['onResponse', { onResponse: () => new Promise(() => undefined) }],
  ['onResponse', { onResponse: () => Promise.reject(new Error('secret')) }],
  ['instrumentation.request', { instrumentation: { request: () => Promise.reject(new Error('secret')) } }],
])('Operators are answered, whatever a plugin does in %s', async (_hook, plugin) => {
  await using test = await openWithPlugins([plugin]);
  for (const path of ['/health', '/ready?x=1'])
    expect((await test.gateway.fetch(new Request(`http://gateway${path}`))).status).toBe(200);
});

it('Plugins may be frozen, or instrument phases', async () => {
  const seen: string[] = [];
  const phase = (name: string) => ({
    instrumentation: {
      [name](_payload: unknown, wrapped: () => unknown) {
        seen.push(name);
        return wrapped();
      },
    },
  });
  await using test = await openWithPlugins([Object.freeze(phase('parse')), phase('execute')]);
  expect((await test.send(PAGE)).text).toBe(ANSWER);
  expect(seen).toEqual(['parse', 'execute']);
});

it('A stream is over for its caller when a plugin has answered in its place', async () => {
  const answered: Plugin = { onResponse: (hook) => hook.setResponse(new hook.fetchAPI.Response('other')) };
  await using test = await openWithPlugins([answered]);
  expect((await test.send('subscription { runEvents { kind } }', EVENTS)).text).toBe('other');
  const metrics = () => test.gateway.metrics.registry.getSingleMetricAsString('runs_gateway_subscriptions');
  await expect.poll(metrics).toMatch(/subscriptions 0$/m);
});

const withoutMetadata = (document: DocumentNode): DocumentNode =>
  visit(document, { Field: ({ name }) => (name.value === 'metadata' ? null : undefined) });
const isRestricted = (headers: Headers): boolean => headers.get('x-restricted') === '1';

it.each<[hook: string, plugin: Plugin]>([
  [
    'onParse',
    {
      onParse:
        ({ context }) =>
        ({ result, replaceParseResult }) => {
          if (isRestricted(context.request.headers))
            replaceParseResult(withoutMetadata(result as DocumentNode));
        },
    },
  ],
  [
    'onExecute',
    {
      onExecute({ args }) {
        if (isRestricted(args.contextValue.request.headers)) args.document = withoutMetadata(args.document);
      },
    },
  ],
])(
  'What a plugin takes out of a document in %s is not served from what others selected',
  async (_hook, plugin) => {
    const inline = 'query { runs(first: 1) { nodes { id metadata } } }';
    const fragment = 'query { runs(first: 1) { nodes { ...F } } } fragment F on Run { id metadata }';
    for (const query of [inline, fragment]) {
      await using test = await openWithPlugins([plugin]);
      const has = async (headers = {}): Promise<boolean> =>
        (await test.send(query, headers)).text.includes('metadata');
      const restricted = { 'x-restricted': '1' };
      expect(await Promise.all([has(), has(restricted), has()]), query).toEqual([true, false, true]);
      expect([await has(), await has(restricted), await has()], query).toEqual([true, false, true]);
    }
  },
);
