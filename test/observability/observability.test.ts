import { hash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createGateway } from '../../src/gateway.ts';
import type { Log } from '../../src/observability/log.ts';
import { execute } from '../support/execute.ts';
import { startFixedUpstream } from '../support/fixed-upstream.ts';
import { randomRuns } from '../support/random-runs.ts';
import { answerWith, startRawUpstream } from '../support/raw-upstream.ts';
import { RUN_FIELDS } from '../support/run-fields.ts';
import { startTestGateway } from '../support/test-gateway.ts';

interface Line {
  readonly level: string;
  readonly message: string;
  readonly fields: Record<string, unknown>;
}

function recordedLog(): { log: Log; lines: Line[] } {
  const lines: Line[] = [];
  const at = (level: string) => (fields: object, message: string) =>
    void lines.push({ level, message, fields: { ...fields } });
  return { log: { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

describe('The id of a request', () => {
  it.each([
    ['is taken from the caller', 'abc-123', true],
    ['is made where there is none', undefined, false],
    ['is made where the given one could break a log', 'a b', false],
    ['is made where the given one is too long', 'x'.repeat(129), false],
  ])('%s', async (_name, given, kept) => {
    await using upstream = await startRawUpstream(answerWith(422, '{}'));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl });
    const response = await gateway.fetch(
      new Request('http://gateway/graphql?query={runs{nodes{id}}}', {
        headers: given === undefined ? {} : { 'x-request-id': given },
      }),
    );
    const echoed = response.headers.get('x-request-id');
    if (kept) expect(echoed).toBe(given);
    else expect(echoed).toMatch(/^[\da-f]{8}-[\da-f-]{27}$/);
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { requestId: echoed } }] });
    expect(upstream.heads[0]).toContain(`x-request-id: ${echoed}`);
  });

  it('is echoed wherever a request goes', async () => {
    await using gateway = await createGateway();
    for (const path of [
      '/health',
      '/metrics',
      '/nowhere',
      '/graphql?query={__typename}',
      '/graphql?query={',
    ]) {
      const response = await gateway.fetch(
        new Request(`http://gateway${path}`, { headers: { 'x-request-id': 'mine' } }),
      );
      expect(response.headers.get('x-request-id'), path).toBe('mine');
    }
  });
});

describe('The log', () => {
  it('has one line for an operation: name, code, duration, upstream requests and id, and no variables', async () => {
    const { log, lines } = recordedLog();
    await using test = await startTestGateway({ runs: randomRuns(30, 1) });
    await using gateway = await createGateway({ upstreamUrl: test.gateway.upstreamUrl, log });
    const headers = { 'x-request-id': 'mine', authorization: 'Bearer secret-token' };
    const paged =
      'query Paged($secret: ID) { runs(first: 1, agentId: $secret) { nodes { id } } run(id: "run-11111111") { id } }';
    await execute(gateway, paged, { secret: 'agent-of-a-customer' } as never, headers);
    await execute(gateway, '{ runs(first: -1) { nodes { id } } }', undefined, headers);
    await execute(gateway, '{ nonsense }', undefined, headers);
    await execute(gateway, '{', undefined, headers);
    const operation = (fields: object) => ({
      level: 'info',
      message: 'Operation',
      fields: {
        requestId: 'mine',
        durationMs: expect.any(Number),
        upstreamRequests: 0,
        operation: undefined,
        bytes: expect.any(Number),
        caller: expect.stringMatching(/^[\da-f]{10}$/),
        documentHash: expect.stringMatching(/^[\da-f]{64}$/),
        ...fields,
      },
    });
    expect(lines).toEqual([
      operation({ operation: 'Paged', code: 'OK', upstreamRequests: 2, documentHash: hash('sha256', paged) }),
      operation({ code: 'BAD_USER_INPUT' }),
      operation({ code: 'GRAPHQL_VALIDATION_FAILED' }),
      operation({ code: 'GRAPHQL_PARSE_FAILED' }),
    ]);
    expect(JSON.stringify(lines)).not.toMatch(/secret|customer/);
  });

  it('has what clients are not told about a failing upstream', async () => {
    const { log, lines } = recordedLog();
    await using upstream = await startFixedUpstream('{"detail":"actor-4711"}', { status: 403 });
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log });
    await execute(gateway, '{ runs { nodes { id } } }', undefined, { 'x-request-id': 'mine' });
    expect(lines[0]).toMatchObject({
      level: 'warn',
      message: 'Upstream error',
      fields: {
        requestId: 'mine',
        code: 'FORBIDDEN',
        err: { message: 'GET /v1/runs/ answered 403: {"detail":"actor-4711"}' },
      },
    });
  });

  it('has a failed look-up once, however many fields it fails', async () => {
    const { log, lines } = recordedLog();
    await using test = await startTestGateway({ runs: randomRuns(30, 1), agents: [] });
    await using gateway = await createGateway({ upstreamUrl: test.gateway.upstreamUrl, log });
    const { errors } = await execute(gateway, '{ runs { nodes { agentId agent { name tags } } } }');
    expect(errors).toHaveLength(2 * 30);
    const failures = lines.filter(({ message }) => message === 'Upstream error');
    const agents = new Set(randomRuns(30, 1).map((run) => run.agent_id));
    expect(failures.map(({ fields }) => fields?.['err'])).toMatchObject(
      Array.from(agents, () => ({ message: expect.stringMatching(/^There is no agent agent-/) })),
    );
  });

  it('has each difference from the known release once, and the metrics count them', async () => {
    const { log, lines } = recordedLog();
    const row = {
      id: 'run-1',
      agent_id: 'agent-1',
      created_at: '2025-01-01T00:00:00Z',
      status: 'paused',
      stop_reason: 'bored',
      request_config: { include_return_message_types: ['hologram_message'] },
      mood: 'good',
    };
    await using upstream = await startFixedUpstream(JSON.stringify([row]));
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log });
    for (let i = 0; i < 3; i++) await execute(gateway, '{ runs { nodes { id } } }');
    const missing = Object.keys(RUN_FIELDS).filter((name) => !(name in row));
    const drift = lines.filter(({ message }) => message.startsWith('The upstream differs'));
    expect(drift.map(({ fields }) => [fields['kind'], fields['value']].join(' '))).toEqual([
      'status paused',
      'stop_reason bored',
      'message_type hologram_message',
      'new_field mood',
      ...missing.map((name) => `missing_field ${name}`),
    ]);
    const metrics = await gateway.metrics.registry.metrics();
    expect(metrics).toContain('runs_gateway_upstream_drift_total{kind="status"} 1');
    expect(metrics).toContain(`runs_gateway_upstream_drift_total{kind="missing_field"} ${missing.length}`);
  });
});

describe('/metrics', () => {
  it('counts operations, upstream calls, attempts, retries, failed checks, and shows dialect and breakers', async () => {
    await using upstream = await startRawUpstream((socket, request) =>
      (request.number === 1 ? answerWith(503, '{}') : answerWith(200, '[]'))(socket, request),
    );
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, upstreamDialect: 'reversed' });
    await Promise.all([1, 2].map(() => execute(gateway, '{ runs { nodes { id } } }')));
    await execute(gateway, '{ runs(first: -1) { nodes { id } } }');
    const twice = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
    upstream.answer = answerWith(200, JSON.stringify([twice, twice]));
    await execute(gateway, '{ runs { nodes { id } } }');
    const response = await gateway.fetch(new Request('http://gateway/metrics'));
    expect(response.headers.get('content-type')).toMatch(/^text\/plain/);
    const text = await response.text();
    for (const line of [
      'operations_total{code="OK"} 2',
      'operations_total{code="BAD_USER_INPUT"} 1',
      'operations_total{code="UPSTREAM_INVALID_RESPONSE"} 1',
      'operation_duration_seconds_count 4',
      'upstream_calls_total{kind="started"} 2',
      'upstream_calls_total{kind="joined"} 1',
      'upstream_attempts_total{route="/v1/runs/",outcome="UPSTREAM_UNAVAILABLE"} 1',
      'upstream_attempts_total{route="/v1/runs/",outcome="OK"} 2',
      'upstream_attempt_duration_seconds_count{route="/v1/runs/"} 3',
      'upstream_retries_total{code="UPSTREAM_UNAVAILABLE"} 1',
      'upstream_retries_withheld_total 0',
      'upstream_failed_checks_total{kind="order"} 1',
      'upstream_open_breakers 0',
      'upstream_dialect{dialect="reversed"} 1',
      'upstream_in_flight 0',
      'upstream_waiting 0',
    ]) {
      expect(text).toContain(`\nruns_gateway_${line}\n`);
    }
  });

  it.each([
    ['copied', true],
    ['decoded', false],
  ] as const)('counts the rows that were %s, as does /ready', async (kind, rowCopying) => {
    const row = { agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };
    await using upstream = await startFixedUpstream(
      JSON.stringify(['run-2', 'run-1'].map((id) => ({ id, ...row }))),
    );
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, rowCopying });
    await execute(gateway, '{ runs(first: 2) { nodes { id } } }');
    const rows = { copied: 0, decoded: 0, [kind]: 2 };
    const text = await gateway.metrics.registry.metrics();
    for (const [each, count] of Object.entries(rows)) {
      expect(text).toContain(`runs_gateway_upstream_rows_total{kind="${each}"} ${count}\n`);
    }
    const ready = await gateway.admin.fetch(new Request('http://gateway/ready'));
    expect(await ready.json()).toMatchObject({ upstream: { rows } });
  });

  it('counts the callers whose breaker is open, whom the log does not name', async () => {
    await using upstream = await startRawUpstream(answerWith(503, '{}'));
    const { log, lines } = recordedLog();
    await using gateway = await createGateway({ upstreamUrl: upstream.baseUrl, log });
    for (let call = 0; call < 20; call++) {
      for (const token of ['secret-one', 'secret-two']) {
        const headers = { authorization: `Bearer ${token}` };
        await execute(gateway, '{ runs { nodes { id } } }', undefined, headers);
      }
    }
    const response = await gateway.fetch(new Request('http://gateway/metrics'));
    expect(await response.text()).toContain('\nruns_gateway_upstream_open_breakers 2\n');
    const changes = lines.filter(({ message }) => message === "A caller's circuit breaker changed");
    expect(changes.map(({ fields }) => fields)).toEqual([
      { change: 'opened', open: 1 },
      { change: 'opened', open: 2 },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });
});

it('/ready names the upstream to operators, its version and its dialect once that is known', async () => {
  await using test = await startTestGateway({ runs: randomRuns(5, 1) });
  const ready = async () => (await test.gateway.admin.fetch(new Request('http://gateway/ready'))).json();
  const url = test.gateway.upstreamUrl;
  const pageSizes = { runs: 1000, steps: 200, messages: 200, agents: 200 };
  expect(await ready()).toEqual({ status: 'ready', upstream: { url, version: '0.16.7', pageSizes } });
  const { data } = await execute<{ runs: { edges: { cursor: string }[] } }, never>(
    test.gateway,
    '{ runs(last: 1) { edges { cursor } } }',
  );
  await execute(test.gateway, `{ runs(after: "${data?.runs.edges[0]?.cursor}") { nodes { id } } }`);
  expect(await ready()).toMatchObject({
    status: 'ready',
    upstream: { url, version: '0.16.7', dialect: 'reversed' },
  });
});
