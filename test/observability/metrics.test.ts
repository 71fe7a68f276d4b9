import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/observability/metrics.ts';
import { lacks } from '../support/lacks.ts';
import { startProgram } from '../support/program.ts';

const seriesOf = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
const operation = (name: string, clientName: string, code = 'OK') => ({
  code,
  name,
  clientName,
  upstreamRequests: 1,
});

describe('Metrics by name', () => {
  it('are at most 2,000 series, whatever 10,000 names there are of operations, clients and callers', async () => {
    const metrics = createMetrics();
    for (let i = 0; i < 10_000; i++) {
      metrics.operation(
        operation(`Name${i}`, `client ${i}`),
        { caller: `caller ${i}`, isLabelled: i % 2 === 0 },
        1,
      );
      metrics.upstream.attempt('UPSTREAM_ERROR', 1, `v1/runs/run-${i}/steps?limit=${i}`);
    }
    const series = seriesOf(await metrics.registry.metrics());
    expect(series.length).toBeLessThan(2_000);
    const total = series.filter((line) => line.startsWith('runs_gateway_named_operations_total'));
    expect(total.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0)).toBe(10_000);
    expect(total.find((line) => line.includes('operation="other",client="other"'))).toMatch(/ 9800$/);
    expect(series).toContainEqual(
      expect.stringContaining('route="/v1/runs/{run_id}/steps",outcome="UPSTREAM_ERROR"} 10000'),
    );
  });

  it('leave others room, however many names one caller makes up', async () => {
    const metrics = createMetrics();
    const count = (name: string, caller: string) =>
      metrics.operation(operation(name, 'phone', 'RATE_LIMITED'), { caller, isLabelled: true }, 500);
    for (let i = 0; i < 5_000; i++) count(`Made${i}`, 'loud');
    for (let i = 0; i < 50; i++) count(`Quiet${i}`, 'quiet');
    const text = await metrics.registry.metrics();
    for (let i = 0; i < 50; i++) {
      expect(text).toContain(
        `runs_gateway_named_operation_errors_total{operation="Quiet${i}",client="phone"} 1\n`,
      );
    }
    expect(text).toContain(
      'runs_gateway_named_operation_seconds_total{operation="Quiet0",client="phone"} 0.5\n',
    );
    expect(text).toContain('runs_gateway_caller_operations_total{caller="loud"} 5000\n');
    expect(text).toContain('runs_gateway_caller_operation_upstream_requests_total{caller="quiet"} 50\n');
  });
});

describe.skipIf(lacks('/usr/bin/promtool', '"apt-get install prometheus" brings it'))(
  'promtool check metrics',
  () => {
    it('finds nothing wrong with those of the program', async () => {
      await using program = startProgram([], { PORT: '0' });
      const url = await program.url;
      await fetch(`${url}/graphql?query={runs{nodes{id}}}`);
      const input = await (await fetch(`${url}/metrics`)).text();
      const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input });
      expect({ status, said: String(stdout) + String(stderr) }).toEqual({ status: 0, said: '' });
      expect(seriesOf(input).length).toBeLessThan(400);
    });
  },
);
