import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lacksProgram } from '../support/lacks.ts';
import { openGateway } from '../support/open-gateway.ts';

const cwd = new URL('../../deploy/prometheus/', import.meta.url).pathname;

describe.skipIf(lacksProgram('promtool', '"apt-get install prometheus" brings it'))('promtool', () => {
  it('finds that the alerts alarm when they should, and not otherwise', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', 'alerts.test.yaml'], { cwd });
    expect([status, String(stdout) + String(stderr)]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('finds nothing wrong with the configuration and its rules', () => {
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', 'prometheus.yaml'], { cwd });
    expect([status, String(stdout) + String(stderr)]).toEqual([0, expect.stringContaining('SUCCESS')]);
  });

  it('finds nothing wrong with the metrics', async () => {
    await using test = await openGateway();
    await test.gateway.fetch(new Request('http://gateway/graphql?query={runs{nodes{id}}}'));
    const input = await test.gateway.metrics.registry.metrics();
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'metrics'], { input });
    expect([status, String(stdout) + String(stderr)]).toEqual([0, '']);
  });
});
