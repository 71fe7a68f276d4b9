import { hash } from 'node:crypto';
import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace';
import { describe, expect, it } from 'vitest';
import { settle, stopClock } from '../../support/clock.ts';
import { post } from '../../support/execute.ts';
import { mixedRunId } from '../../support/ids.ts';
import { runAt } from '../../support/live-runs.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { HANGS } from '../../support/scripted-upstream.ts';
import { watch } from '../../support/watch.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const TRACEPARENT = `00-${TRACE}-${PARENT}-01`;
const LIST = '{ runs { nodes { id } } }';
const ID = 'run-593017d8-4087-4a13-b3d3-aaac50b56231';
const RUN = { id: ID, agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
const noRuns = () => ({ body: [] });

describe('traceparent and tracestate, without a tracer,', () => {
  it.each<[string, Record<string, string>, readonly (string | undefined)[]]>([
    [
      'go upstream as they came',
      { traceparent: TRACEPARENT, tracestate: 'a=1,b@c=2' },
      [TRACEPARENT, 'a=1,b@c=2'],
    ],
    [
      'go without a state that is too long',
      { traceparent: TRACEPARENT, tracestate: `a=${'x'.repeat(511)}` },
      [TRACEPARENT, undefined],
    ],
    ['are not made up', {}, [undefined, undefined]],
    [
      'that are invalid are left out',
      { traceparent: `00-${'0'.repeat(32)}-${PARENT}-01`, tracestate: 'a=1' },
      [undefined, undefined],
    ],
  ])('%s', async (_name, headers, expected) => {
    const { log, lines } = recordedLog();
    await using test = await openGatewayOver(noRuns, { log });
    await test.execute(LIST, {}, headers);
    const { traceparent, tracestate } = test.upstream.requests[0]?.headers ?? {};
    expect([traceparent, tracestate]).toEqual(expected);
    expect(lines[0]?.fields['traceId']).toBe(expected[0]?.slice(3, 35));
  });

  it('let identical requests share what they need', async () => {
    await using test = await openGatewayOver(noRuns);
    const ask = (id: string) => test.execute(LIST, {}, { traceparent: `00-${id.repeat(32)}-${PARENT}-01` });
    await Promise.all(['a', 'b', 'c'].map(ask));
    expect(test.upstream.requests).toHaveLength(1);
  });
});

describe('Spans', () => {
  function recorded() {
    const exporter = new InMemorySpanExporter();
    const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] });
    const named = (name: string) => exporter.getFinishedSpans().filter((span) => span.name === name);
    return { exporter, named, config: { tracer: provider.getTracer('app') } };
  }

  it('are one for the operation and one for each upstream request, below that of the caller', async () => {
    const clock = stopClock();
    const { exporter, named, config } = recorded();
    await using test = await openGatewayOver(
      ({ path }) => ({ body: path.endsWith('/runs/') ? [RUN] : RUN }),
      config,
    );
    let count = 0;
    test.upstream.script = ({ path }, next) =>
      path.endsWith('/runs/') && count++ === 0 ? { status: 503, body: {} } : next();
    const document = `query FailedRuns { runs(first: 1) { nodes { id } } run(id: "${ID}") { id } }`;
    const sent = { traceparent: TRACEPARENT, tracestate: 'a=1', authorization: 'Bearer secret-token' };
    await clock.until(test.execute(document, {}, sent));
    await test.execute('query Broken { runs(first: -1) { nodes { id } } }');

    const [operation] = named('query FailedRuns');
    expect(operation).toMatchObject({
      kind: SpanKind.SERVER,
      parentSpanContext: { traceId: TRACE, spanId: PARENT },
      status: { code: SpanStatusCode.UNSET },
      attributes: {
        'graphql.operation.name': 'FailedRuns',
        'graphql.operation.type': 'query',
        'graphql.document.hash': hash('sha256', document),
        'http.request.method': 'POST',
        'http.route': '/graphql',
        'http.response.status_code': 200,
      },
    });
    const own = operation?.spanContext();
    const request = { kind: SpanKind.CLIENT, parentSpanContext: { traceId: TRACE, spanId: own?.spanId } };
    const attributes = { 'http.request.method': 'GET', 'server.address': 'upstream.test', 'server.port': 80 };
    const lists = named('GET /v1/runs/');
    expect(lists).toMatchObject([
      {
        ...request,
        status: { code: SpanStatusCode.ERROR },
        attributes: { ...attributes, 'error.type': 'UPSTREAM_UNAVAILABLE', 'http.response.status_code': 503 },
      },
      {
        ...request,
        status: { code: SpanStatusCode.UNSET },
        attributes: { ...attributes, 'http.request.resend_count': 1, 'http.response.status_code': 200 },
      },
    ]);
    const lookUps = named('GET /v1/runs/{run_id}');
    expect(lookUps).toMatchObject([request]);
    // Each request upstream names its own span as the parent.
    const parents = [...lists, ...lookUps].map((span) => `00-${TRACE}-${span.spanContext().spanId}-01`);
    const headers = test.upstream.requests.map((each) => each.headers);
    expect(new Set(headers.map(({ traceparent }) => traceparent))).toEqual(new Set(parents));
    expect(new Set(headers.map(({ tracestate }) => tracestate))).toEqual(new Set(['a=1']));
    expect(named('query Broken')).toMatchObject([
      { status: { code: SpanStatusCode.ERROR }, attributes: { 'error.type': 'BAD_USER_INPUT' } },
    ]);
    const told = exporter.getFinishedSpans().map(({ name, attributes: of, events }) => [name, of, events]);
    expect(JSON.stringify(told)).not.toMatch(/secret|run-5930/);
  });

  it('end also for an operation whose client left', async () => {
    const { named, config } = recorded();
    await using test = await openGatewayOver(() => HANGS, config);
    const leaving = new AbortController();
    const answer = post(test.gateway, { query: 'query Left { runs { nodes { id } } }' }, {}, leaving.signal);
    await settle();
    leaving.abort();
    await answer.catch(() => 'left');
    await settle();
    expect(named('query Left')).toMatchObject([{ attributes: { 'error.type': 'ABORTED' } }]);
    expect(named('GET /v1/runs/')).toHaveLength(1);
  });

  it('are one for opening a subscription, and one for each event, which is linked to that', async () => {
    const clock = stopClock('2026-01-01T00:15:00Z');
    const { named, config } = recorded();
    await using test = await openGateway({ runs: [runAt(1, 890, { status: 'running' })], config });
    const query = `subscription Watch { runUpdates(id: "${mixedRunId(1)}") { id } }`;
    const client = watch(test.gateway, query, { headers: { traceparent: TRACEPARENT } });
    await clock.pass(3000);
    await client.close();
    const [opening, event] = named('subscription Watch');
    expect(opening).toMatchObject({ parentSpanContext: { traceId: TRACE, spanId: PARENT } });
    expect(event?.parentSpanContext).toBeUndefined();
    expect(event?.links[0]?.context).toEqual(opening?.spanContext());
    const documents = [opening, event].map((span) => span?.attributes['graphql.document.hash']);
    expect(documents).toEqual([expect.any(String), documents[0]]);
  });
});
