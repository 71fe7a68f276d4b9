import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import type { Gateway } from '../../../src/gateway-options.ts';
import { settle, stopClock } from '../../support/clock.ts';
import { post } from '../../support/execute.ts';
import { openGateway, openGatewayOver } from '../../support/open-gateway.ts';
import { recordedLog } from '../../support/recorded-log.ts';
import { HANGS } from '../../support/scripted-upstream.ts';

const LIST = '{ runs { nodes { id } } }';
const RUN = { id: 'run-1', agent_id: 'agent-1', created_at: '2025-01-01T00:00:00Z' };

const metricsOf = async (gateway: Gateway): Promise<string> =>
  (await gateway.fetch(new Request('http://gateway/metrics'))).text();

describe('/metrics', () => {
  it('counts operations, upstream calls, attempts, retries, failed checks, rows and the dialect', async () => {
    const clock = stopClock();
    await using test = await openGatewayOver(() => ({ body: [] }), { upstreamDialect: 'reversed' });
    const ask = (query: string) => clock.until(test.execute(query));
    let count = 0;
    test.upstream.script = async (_request, next) => {
      if (count++ > 0) return next();
      await sleep(2000);
      return { status: 503, body: {} };
    };
    await Promise.all([ask(LIST), ask(LIST)]);
    await ask('{ runs(first: -1) { nodes { id } } }');
    test.upstream.script = () => ({ body: [RUN, RUN] });
    await ask(LIST);
    test.upstream.script = () => ({ body: [RUN] });
    await ask('{ runs(first: 5) { nodes { id } } }');
    const text = await metricsOf(test.gateway);
    for (const line of [
      'operations_total{code="OK"} 3',
      'operations_total{code="BAD_USER_INPUT"} 1',
      'operations_total{code="UPSTREAM_INVALID_RESPONSE"} 1',
      'operation_duration_seconds_count 5',
      'upstream_calls_total{kind="started"} 3',
      'upstream_calls_total{kind="joined"} 1',
      'upstream_attempts_total{route="/v1/runs/",outcome="UPSTREAM_UNAVAILABLE"} 1',
      'upstream_attempts_total{route="/v1/runs/",outcome="OK"} 3',
      'upstream_attempt_duration_seconds_count{route="/v1/runs/"} 4',
      'upstream_attempt_duration_seconds_sum{route="/v1/runs/"} 2',
      'upstream_retries_total{code="UPSTREAM_UNAVAILABLE"} 1',
      'upstream_retries_withheld_total 0',
      'upstream_failed_checks_total{kind="order"} 1',
      'upstream_rows_total{kind="copied"} 3',
      'upstream_open_breakers 0',
      'upstream_dialect{dialect="reversed"} 1',
      'upstream_in_flight 0',
      'upstream_waiting 0',
    ]) {
      expect(text).toContain(`\nruns_gateway_${line}\n`);
    }
    // There is no store that could be down.
    expect(text).not.toContain('\nruns_gateway_rate_limit_store_up ');
  });

  it('has how many upstream requests are in flight, and wait', async () => {
    await using test = await openGatewayOver(() => HANGS, { upstreamMaxInFlight: 1 });
    const clients = new AbortController();
    const answers = [1, 2, 3].map((size) => {
      const query = `{ runs(first: ${size}) { nodes { id } } }`;
      return post(test.gateway, { query }, {}, clients.signal);
    });
    await settle();
    const text = await metricsOf(test.gateway);
    clients.abort();
    await Promise.allSettled(answers);
    expect(text).toMatch(/^runs_gateway_upstream_in_flight 1$/m);
    expect(text).toMatch(/^runs_gateway_upstream_waiting 2$/m);
  });

  it('has how many breakers are open, and forgets those of callers who do not come again', async () => {
    const clock = stopClock();
    await using test = await openGatewayOver(() => ({ status: 501, body: {} }));
    // What is of the time 0 does not grow old.
    await clock.pass(1);
    for (let query = 0; query < 10; query++) await test.execute(LIST);
    expect(await metricsOf(test.gateway)).toMatch(/^runs_gateway_upstream_open_breakers 1$/m);
    await clock.pass(61_000);
    expect(await metricsOf(test.gateway)).toMatch(/^runs_gateway_upstream_open_breakers 0$/m);
  });

  it('counts and logs at most 200 differences of the upstream', async () => {
    const { log, lines } = recordedLog();
    const fields = Object.fromEntries(Array.from({ length: 300 }, (_, at) => [`new_${at}`, at]));
    await using test = await openGatewayOver(() => ({ body: [{ ...RUN, ...fields }] }), { log });
    await test.execute(LIST);
    expect(lines.filter(({ message }) => message.startsWith('The upstream differs'))).toHaveLength(200);
  });

  it.each([
    ['UNAUTHENTICATED', { method: 'POST', body: '{}' }],
    ['METHOD_NOT_ALLOWED', { method: 'DELETE', headers: { authorization: 'Bearer token' } }],
  ])('counts what is refused before its operation is read: %s', async (code, init) => {
    await using test = await openGateway({ config: { accessTokens: ['token'] } });
    await test.gateway.fetch(new Request('http://gateway/graphql', init));
    const text = await test.gateway.metrics.registry.metrics();
    expect(text).toContain(`runs_gateway_requests_refused_total{code="${code}"} 1\n`);
  });

  it('has all that the alerts and dashboards of deploy/ ask for', async () => {
    await using test = await openGateway();
    const text = await metricsOf(test.gateway);
    const served = [...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    );
    for (const file of ['grafana/runs-gateway.json', 'prometheus/alerts.yaml']) {
      const asked = readFileSync(new URL(`../../../deploy/${file}`, import.meta.url), 'utf8').match(
        /\bruns_gateway_\w+/g,
      );
      expect(asked?.length).toBeGreaterThan(5);
      expect(new Set(asked).difference(new Set(served)), file).toEqual(new Set());
    }
  });
});
