import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { describe, expect, it } from 'vitest';
import { lacksProgram } from '../support/lacks.ts';
import { newFolder } from '../support/new-folder.ts';

const cwd = new URL('../../', import.meta.url).pathname;

/** Runs a program in the repository, which has to succeed. @returns what it prints */
function run(program: string, ...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' });
  expect([status, stderr]).toEqual([0, '']);
  return stdout;
}

it.skipIf(lacksProgram('hadolint', 'its releases are on GitHub'))(
  'hadolint has nothing against the Dockerfile',
  () => {
    expect(run('hadolint', 'Dockerfile')).toBe('');
  },
);

it.skipIf(lacksProgram('systemd-analyze', 'systemd brings it'))(
  'systemd finds nothing wrong with the units',
  () => {
    using folder = newFolder();
    for (const unit of ['runs-gateway', 'runs-gateway-watch']) {
      const text = readFileSync(`${cwd}deploy/systemd/${unit}.service`, 'utf8');
      // The package is not installed where the unit expects it.
      const there = text.replace('/opt/runs-gateway/bin/runs-gateway', process.execPath);
      const args = ['verify', folder.file(`${unit}.service`, there)];
      // It may also say what is wrong with other units of the machine.
      expect(spawnSync('systemd-analyze', args, { encoding: 'utf8' }).stderr).not.toContain(unit);
    }
  },
);

describe.skipIf(lacksProgram('kubectl', 'kubernetes.io says how to install it'))('kubectl kustomize', () => {
  const BASE = ['Deployment', 'NetworkPolicy', 'PodDisruptionBudget', 'Service', 'Service'];

  it.each([
    ['base', []],
    ['monitoring', ['ServiceMonitor']],
    ['ingress', ['HorizontalPodAutoscaler', 'Ingress']],
  ])('makes all resources of %s', (folder, more) => {
    const kinds = run('kubectl', 'kustomize', `deploy/kubernetes/${folder}`).matchAll(/^kind: (\w+)$/gm);
    expect(Array.from(kinds, ([, kind = '']) => kind).toSorted()).toEqual([...BASE, ...more].toSorted());
  });

  it('gives a pod more time than it takes to drain', () => {
    const made = run('kubectl', 'kustomize', 'deploy/kubernetes/base');
    const drainMs = [...made.matchAll(/name: DRAIN_\w+_MS\n +value: "(\d+)"/g)].map(([, ms]) => Number(ms));
    expect(drainMs).toHaveLength(2);
    const [, graceSeconds] = /terminationGracePeriodSeconds: (\d+)/.exec(made) ?? [];
    expect(Number(graceSeconds) * 1000).toBeGreaterThan(drainMs.reduce((sum, ms) => sum + ms, 0));
  });
});
