import { hash } from 'node:crypto';
import { once } from 'node:events';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createGateway } from '../../src/gateway.ts';
import { execute } from '../support/execute.ts';
import { startCollector } from '../support/otlp-collector.ts';
import { startProgram } from '../support/program.ts';
import { randomRuns } from '../support/random-runs.ts';
import { recordedLog } from '../support/recorded-log.ts';
import { serve } from '../support/serve.ts';
import { startTestGateway } from '../support/test-gateway.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const RUN = JSON.stringify({
  id: 'run-593017d8-4087-4a13-b3d3-aaac50b56231',
  agent_id: 'agent-1',
  created_at: '2025-01-01T00:00:00Z',
});
const DOCUMENT =
  'query FailedRuns { runs(first: 1) { nodes { id } } run(id: "run-593017d8-4087-4a13-b3d3-aaac50b56231") { id } }';

const ask = (url: string, query: string, headers: Record<string, string> = {}) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query }),
  });

/** An upstream that lists one run and has it. Its next list fails if that is told. */
const startUpstream = () => {
  const next = { fails: false };
  const seen: { url: string; traceparent: string | undefined; tracestate: string | undefined }[] = [];
  return serve((request, response) => {
    const { url = '', headers } = request;
    const { traceparent, tracestate } = headers;
    if (!url.includes('health'))
      seen.push({ url, traceparent: traceparent as string, tracestate: tracestate as string });
    // The gateway looks at its upstream when it starts, which belongs to no trace.
    const status = next.fails && traceparent !== undefined && url.startsWith('/v1/runs/?') ? 503 : 200;
    if (status !== 200) next.fails = false;
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(status !== 200 ? '{}' : url.startsWith('/v1/runs/?') ? `[${RUN}]` : RUN);
  }).then((served) => ({
    ...served,
    seen,
    next,
    [Symbol.asyncDispose]: () => served[Symbol.asyncDispose](),
  }));
};

describe('Trace context, without exporting', () => {
  it.each([
    [
      'goes upstream as it came',
      { traceparent: TRACEPARENT, tracestate: 'a=1,b@c=2' },
      [TRACEPARENT, 'a=1,b@c=2'],
    ],
    [
      'of a later version goes upstream',
      { traceparent: `cc-${TRACE}-${PARENT}-01-more` },
      [`cc-${TRACE}-${PARENT}-01-more`],
    ],
    ['is not made up', {}, []],
    [
      'that is invalid is left out',
      { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01`, tracestate: 'a=1' },
      [],
    ],
    ['with more than its version has is left out', { traceparent: `${TRACEPARENT}-more` }, []],
    ['loses a state that is invalid', { traceparent: TRACEPARENT, tracestate: 'A B' }, [TRACEPARENT]],
  ])('%s', async (_name, headers, [traceparent, tracestate]) => {
    await using upstream = await startUpstream();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    await gateway.fetch(
      new Request(`http://gateway/graphql?query={runs{nodes{id}}}`, { headers: headers as never }),
    );
    expect(upstream.seen).toMatchObject([{ traceparent, tracestate }]);
  });

  it('is part of no key: identical requests share what they need, whatever their traces', async () => {
    await using upstream = await startUpstream();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const send = (id: string) =>
      gateway.fetch(
        new Request('http://gateway/graphql?query={runs{nodes{id}}}', {
          headers: { traceparent: `00-${id.repeat(32)}-${PARENT}-01` },
        }),
      );
    await Promise.all(['a', 'b', 'c'].map(send));
    expect(upstream.seen).toHaveLength(1);
  });
});

describe('Over a WebSocket', () => {
  it.each([
    ['the headers of the upgrade', true],
    ['the message that opens the connection', false],
  ])(
    'the request id and the trace are those of %s, with a number for each operation',
    async (_name, isHeader) => {
      await using upstream = await startUpstream();
      const { log, lines } = recordedLog();
      await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log });
      const { listen } = await import('../../src/http/server/listen.ts');
      await using listener = await listen({ ...gateway, port: 0 });
      const sent = { 'x-request-id': 'mine', traceparent: TRACEPARENT, 'graphql-client-name': 'phone' };
      const socket = new WebSocket(`${listener.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
        headers: isHeader ? sent : {},
      });
      await once(socket, 'open');
      const answers: unknown[] = [];
      socket.on('message', (text: Buffer) => answers.push(JSON.parse(String(text))));
      socket.send(JSON.stringify({ type: 'connection_init', payload: isHeader ? {} : sent }));
      for (const id of ['1', '2']) {
        const payload = { query: `{ runs(first: ${id}) { nodes { id } } }` };
        await vi.waitFor(() => expect(answers.length).toBeGreaterThan(0), 10_000);
        socket.send(JSON.stringify({ id, type: 'subscribe', payload }));
      }
      const operations = () => lines.filter(({ message }) => message === 'Operation');
      await vi.waitFor(() => expect(operations()).toHaveLength(2), 10_000);
      socket.terminate();
      expect(new Set(operations().map(({ fields }) => fields['requestId']))).toEqual(
        new Set(['mine/1', 'mine/2']),
      );
      expect(operations()[0]?.fields).toMatchObject({ client: 'phone', traceId: TRACE });
      expect(upstream.seen.map(({ traceparent }) => traceparent)).toEqual([TRACEPARENT, TRACEPARENT]);
    },
  );
});

describe('Traces', () => {
  it('have a span for the operation and one for each upstream request, below that of the caller', async () => {
    await using collector = await startCollector();
    await using upstream = await startUpstream();
    await using program = startProgram([], {
      PORT: '0',
      LETTA_BASE_URL: upstream.baseUrl,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.baseUrl,
      OTEL_EXPORTER_OTLP_HEADERS: 'x-tenant=ours',
      OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
    });
    const url = await program.url;
    upstream.next.fails = true;
    const response = await ask(url, DOCUMENT, {
      traceparent: TRACEPARENT,
      tracestate: 'a=1',
      authorization: 'Bearer secret-token',
    });
    expect(response.status).toBe(200);
    await ask(url, 'query Broken { runs(first: -1) { nodes { id } } }');
    program.process.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);

    const named = (name: string) => collector.spans.filter((span) => span.name === name);
    const [operation] = named('query FailedRuns');
    expect(operation).toMatchObject({
      kind: 'SERVER',
      traceId: TRACE,
      parentSpanId: PARENT,
      isError: false,
      attributes: {
        'graphql.operation.name': 'FailedRuns',
        'graphql.operation.type': 'query',
        'graphql.document.hash': hash('sha256', DOCUMENT),
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'url.path': '/graphql',
        'http.response.status_code': 200,
      },
      resource: { 'service.name': 'runs-gateway', 'deployment.environment.name': 'test' },
    });
    const port = Number(new URL(upstream.baseUrl).port);
    const request = { traceId: TRACE, parentSpanId: operation?.spanId, kind: 'CLIENT' };
    const attributes = { 'http.request.method': 'GET', 'server.address': '127.0.0.1', 'server.port': port };
    const lists = named('GET /v1/runs/');
    expect(lists).toMatchObject([
      {
        ...request,
        isError: true,
        attributes: {
          ...attributes,
          'url.template': '/v1/runs/',
          'error.type': 'UPSTREAM_UNAVAILABLE',
          'http.response.status_code': 503,
        },
      },
      {
        ...request,
        isError: false,
        attributes: { ...attributes, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
      },
    ]);
    const lookUps = named('GET /v1/runs/{run_id}');
    expect(lookUps).toMatchObject([{ ...request, isError: false }]);
    // Each request upstream names its own span as the parent.
    const traced = upstream.seen.filter(({ traceparent }) => traceparent !== undefined);
    const parents = [...lists, ...lookUps].map(({ spanId }) => `00-${TRACE}-${spanId}-01`);
    expect(new Set(traced.map(({ traceparent }) => traceparent))).toEqual(new Set(parents));
    expect(traced.map(({ tracestate }) => tracestate)).toEqual(['a=1', 'a=1', 'a=1']);
    expect(named('query Broken')).toMatchObject([
      { isError: true, parentSpanId: '', attributes: { 'error.type': 'BAD_USER_INPUT' } },
    ]);
    expect(collector.headers[0]).toMatchObject({ 'x-tenant': 'ours' });
    expect(JSON.stringify(collector.spans)).not.toMatch(/secret|run-5930/);
  });

  it('are linked where requests are joined', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const gate = Promise.withResolvers<void>();
    await using upstream = await serve(async (_request, response) => {
      await gate.promise;
      response.writeHead(200, { 'content-type': 'application/json' }).end(`[${RUN}]`);
    });
    await using gateway = await createGateway({
      upstreamUrl: upstream.baseUrl,
      upstreamDialect: 'reversed',
      tracer: provider.getTracer('app'),
    });
    const [first, second] = ['One', 'Two'].map((name) =>
      execute(gateway, `query ${name} { runs(first: 1) { nodes { id } } }`),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    gate.resolve();
    await Promise.all([first, second]);
    const spans = exporter.getFinishedSpans();
    const named = (name: string) => spans.find((span) => span.name === name);
    expect(spans.map(({ name }) => name).toSorted()).toEqual(['GET /v1/runs/', 'query One', 'query Two']);
    expect(named('query One')?.links).toEqual([]);
    expect(named('query Two')?.links[0]?.context).toEqual(named('GET /v1/runs/')?.spanContext());
  });

  it('of a subscription have a span for opening it, and one for each event, which is linked to that', async () => {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    await using test = await startTestGateway({ runs: randomRuns(1, 1) });
    const { upstreamUrl } = test.gateway;
    const id = randomRuns(1, 1)[0]?.id;
    await using gateway = await createGateway({ upstreamUrl, tracer: provider.getTracer('app') });
    const response = await gateway.fetch(
      new Request(`http://gateway/graphql?query=subscription Watch{runUpdates(id:"${id}"){id}}`, {
        headers: { accept: 'text/event-stream', traceparent: TRACEPARENT },
      }),
    );
    const reader = response.body?.getReader();
    const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
    await vi.waitFor(async () => {
      await reader?.read();
      expect(named('subscription Watch').length).toBeGreaterThan(1);
    }, 15_000);
    await reader?.cancel();
    const [opening, event] = named('subscription Watch');
    expect(opening).toMatchObject({ parentSpanContext: { traceId: TRACE, spanId: PARENT } });
    expect(event?.parentSpanContext).toBeUndefined();
    expect(event?.links[0]?.context).toEqual(opening?.spanContext());
  });

  it('that no collector takes keep the program from ending for two seconds at most', async () => {
    await using collector = await serve(() => undefined);
    await using program = startProgram([], { PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: collector.baseUrl });
    await ask(await program.url, '{ __typename }');
    const stopped = performance.now();
    program.process.kill('SIGTERM');
    expect((await program.ended).code).toBe(0);
    expect(performance.now() - stopped).toBeLessThan(9_000);
  });

  it.each([
    [
      'grpc',
      { OTEL_EXPORTER_OTLP_PROTOCOL: 'grpc' },
      'OTEL_EXPORTER_OTLP_PROTOCOL: expected http/protobuf; but got grpc',
    ],
    [
      'an unknown sampler',
      { OTEL_TRACES_SAMPLER: 'sometimes' },
      'OTEL_TRACES_SAMPLER: expected one of always_on',
    ],
  ])('by %s end the program with what is wrong', async (_name, env, problem) => {
    await using program = startProgram([], {
      PORT: '0',
      OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:1',
      ...env,
    });
    const { code, stderr } = await program.ended;
    expect(code).toBe(2);
    expect(stderr).toContain(problem);
  });
});
