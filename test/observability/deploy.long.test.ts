import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { freePort } from '../support/free-port.ts';
import { lacks } from '../support/lacks.ts';
import { startProgram } from '../support/program.ts';

const DEPLOY = new URL('../../deploy/', import.meta.url).pathname;
const read = (file: string) => readFileSync(path.join(DEPLOY, file), 'utf8');
const lacksPrometheus = lacks('/usr/bin/prometheus', '"apt-get install prometheus" brings it');

/** The names of metrics in expressions, and as a gateway serves them. */
const namesIn = (text: string) => new Set(text.match(/\b(?:runs_gateway|process|nodejs)_\w+/g) ?? []);
const servedNames = (metrics: string): ReadonlySet<string> =>
  new Set(
    [...metrics.matchAll(/^# TYPE (\S+) (\S+)$/gm)].flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );

/** Prometheus as it is shipped, but for the target and how often it asks. */
async function startPrometheus(target: string) {
  const folder = mkdtempSync(path.join(tmpdir(), 'prometheus-'));
  writeFileSync(path.join(folder, 'alerts.yaml'), read('prometheus/alerts.yaml'));
  const config = read('prometheus/prometheus.yaml').replace('127.0.0.1:4001', target).replaceAll('15s', '1s');
  writeFileSync(path.join(folder, 'prometheus.yaml'), config);
  const address = `127.0.0.1:${await freePort()}`;
  const child = spawn(
    'prometheus',
    [
      `--config.file=${folder}/prometheus.yaml`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=${address}`,
    ],
    { stdio: 'ignore' },
  );
  const ended = once(child, 'exit');
  return {
    async ask(question: string) {
      const response = await fetch(`http://${address}/api/v1/${question}`);
      return ((await response.json()) as { data: never }).data;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true });
    },
  };
}

describe('What is shipped for operators', () => {
  it('asks for metrics that there are, and links to sections that there are', async () => {
    await using program = startProgram([], { PORT: '0' });
    const served = servedNames(await (await fetch(`${await program.url}/metrics`)).text());
    for (const file of ['grafana/runs-gateway.json', 'prometheus/alerts.yaml']) {
      expect(
        [...namesIn(read(file))].filter((name) => !served.has(name)),
        file,
      ).toEqual([]);
    }
    const page = readFileSync(path.join(DEPLOY, '../docs/operate.md'), 'utf8');
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
      heading
        .toLowerCase()
        .replaceAll(/[^\w\s-]/g, '')
        .replaceAll(' ', '-'),
    );
    const linked = [...read('prometheus/alerts.yaml').matchAll(/operate\.md#([\w-]+)/g)].map(([, to]) => to);
    expect(linked.filter((to) => to !== undefined && !headings.includes(to))).toEqual([]);
  });

  it.skipIf(lacksPrometheus)('has rules that alarm when they should, and not otherwise', () => {
    const { status, stderr, stdout } = spawnSync('promtool', ['test', 'rules', 'alerts.test.yaml'], {
      cwd: path.join(DEPLOY, 'prometheus'),
      encoding: 'utf8',
    });
    expect({ status, said: stderr + stdout }).toMatchObject({
      status: 0,
      said: expect.stringContaining('SUCCESS'),
    });
  });

  it.skipIf(lacksPrometheus)(
    'is loaded by Prometheus, which scrapes a gateway',
    { timeout: 90_000 },
    async () => {
      const adminPort = await freePort();
      await using program = startProgram([], { PORT: '0', ADMIN_PORT: String(adminPort) });
      await fetch(`${await program.url}/graphql?query=query Watched{runs{nodes{id}}}`, {
        headers: { 'graphql-client-name': 'phone' },
      });
      await using prometheus = await startPrometheus(`127.0.0.1:${adminPort}`);
      await vi.waitFor(
        async () => {
          const { activeTargets } = await prometheus.ask('targets');
          expect(activeTargets).toMatchObject([{ health: 'up', lastError: '' }]);
          const { groups } = await prometheus.ask('rules');
          const rules = (groups as { rules: { health: string }[] }[]).flatMap((group) => group.rules);
          expect(new Set(rules.map(({ health }) => health))).toEqual(new Set(['ok']));
          expect(rules).toHaveLength(read('prometheus/alerts.yaml').split('- alert:').length - 1);
          const query = encodeURIComponent(
            'runs_gateway_named_operations_total{operation="Watched",client="phone"}',
          );
          expect(await prometheus.ask(`query?query=${query}`)).toMatchObject({
            result: [{ value: [expect.any(Number), '1'] }],
          });
        },
        { timeout: 75_000, interval: 500 },
      );
      const all: { result: { value: [number, string] }[] } = await prometheus.ask(
        'query?query=count({job="runs-gateway"})',
      );
      expect(Number(all.result[0]?.value[1])).toBeLessThan(500);
    },
  );
});
