import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lacks } from '../support/lacks.ts';
import { openGateway } from '../support/open-gateway.ts';

const DEPLOY = new URL('../../deploy/', import.meta.url).pathname;

describe.skipIf(lacks('/usr/bin/promtool', '"apt-get install prometheus" brings it'))('promtool', () => {
  const promtool = (args: readonly string[], input?: string) => {
    const { status, stdout, stderr } = spawnSync('promtool', args, {
      cwd: path.join(DEPLOY, 'prometheus'),
      encoding: 'utf8',
      input,
    });
    return { status, said: stdout + stderr };
  };

  it('finds that the alerts alarm when they should, and not otherwise', () => {
    expect(promtool(['test', 'rules', 'alerts.test.yaml'])).toMatchObject({
      status: 0,
      said: expect.stringContaining('SUCCESS'),
    });
  });

  it('finds nothing wrong with the metrics', async () => {
    await using test = await openGateway();
    await test.gateway.fetch(new Request('http://gateway/graphql?query={runs{nodes{id}}}'));
    const metrics = await test.gateway.metrics.registry.metrics();
    expect(promtool(['check', 'metrics'], metrics)).toEqual({ status: 0, said: '' });
  });
});

it('The alerts link to sections of the docs that there are', () => {
  const page = readFileSync(path.join(DEPLOY, '../docs/operate.md'), 'utf8');
  const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  );
  const alerts = readFileSync(path.join(DEPLOY, 'prometheus/alerts.yaml'), 'utf8');
  const linked = [...alerts.matchAll(/operate\.md#([\w-]+)/g)].map(([, to]) => to);
  expect(linked.length).toBeGreaterThan(0);
  expect(linked.filter((to) => to !== undefined && !headings.includes(to))).toEqual([]);
});
