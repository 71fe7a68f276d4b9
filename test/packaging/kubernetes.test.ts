import { execFileSync } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { Deployment } from 'kubernetes-models/apps/v1/Deployment';
import { HorizontalPodAutoscaler } from 'kubernetes-models/autoscaling/v2/HorizontalPodAutoscaler';
import { Ingress } from 'kubernetes-models/networking.k8s.io/v1/Ingress';
import { NetworkPolicy } from 'kubernetes-models/networking.k8s.io/v1/NetworkPolicy';
import { PodDisruptionBudget } from 'kubernetes-models/policy/v1/PodDisruptionBudget';
import { Service } from 'kubernetes-models/v1/Service';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';

const FOLDER = fileURLToPath(new URL('../../deploy/kubernetes/', import.meta.url));
const KINDS = {
  Deployment,
  HorizontalPodAutoscaler,
  Ingress,
  NetworkPolicy,
  PodDisruptionBudget,
  Service,
  ServiceMonitor,
};
const LABELS = { 'app.kubernetes.io/name': 'runs-gateway' };

// oxlint-disable-next-line typescript/no-explicit-any -- Manifests, looked into by tests.
type Manifest = any;

function parse(text: string): readonly Manifest[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS());
}

/** @throws Error that names what is wrong */
function validate(manifest: Manifest): void {
  const Kind = KINDS[manifest.kind as keyof typeof KINDS];
  if (Kind === undefined) throw new Error(`There is no ${manifest.kind} in KINDS`);
  new Kind(manifest).validate();
}

const files = globSync('**/*.yaml', { cwd: FOLDER }).filter((file) => !file.endsWith('kustomization.yaml'));
const manifests = files.flatMap((file) => parse(readFileSync(FOLDER + file, 'utf8')));
const deployment = manifests.find(({ kind }) => kind === 'Deployment');
const [container] = deployment.spec.template.spec.containers;

it.each(files)('%s is valid', (file) => {
  for (const manifest of parse(readFileSync(FOLDER + file, 'utf8'))) validate(manifest);
});

it('a manifest that is wrong is not valid', () => {
  expect(() => validate({ ...deployment, spec: { ...deployment.spec, replicas: 'three' } })).toThrow(
    'replicas',
  );
});

it('everything selects the pods of the gateway by their label', () => {
  expect(deployment.spec.template.metadata.labels).toEqual(LABELS);
  for (const { kind, spec } of manifests) {
    const { selector, podSelector } = spec;
    const selected = (podSelector ?? selector)?.matchLabels ?? selector;
    if (selected !== undefined) expect(selected, kind).toMatchObject(LABELS);
  }
});

it('the pods are told nothing but settings of the gateway', () => {
  const settings = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  for (const { name } of container.env) expect(settings).toContain(`\`${name}\``);
});

it('the pods get the time that draining takes', () => {
  const msOf = (name: string): number =>
    Number(container.env.find((each: Manifest) => each.name === name).value);
  const { terminationGracePeriodSeconds } = deployment.spec.template.spec;
  expect(terminationGracePeriodSeconds * 1000).toBeGreaterThanOrEqual(
    msOf('DRAIN_GRACE_MS') + msOf('DRAIN_TIMEOUT_MS') + 5_000,
  );
  // The endpoint is gone before streams end, and the readiness probe has failed.
  expect(msOf('DRAIN_GRACE_MS')).toBeGreaterThan(2 * container.readinessProbe.periodSeconds * 1000);
});

/** Whether there is a kubectl, which knows kustomize. */
function hasKubectl(): boolean {
  try {
    execFileSync('kubectl', ['version', '--client'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const reason = hasKubectl() ? '' : ' (skipped: there is no kubectl)';
describe.skipIf(reason !== '')(`kubectl kustomize${reason}`, () => {
  it.each(['base', 'monitoring', 'ingress'])('renders %s as valid manifests', (name) => {
    const rendered = parse(execFileSync('kubectl', ['kustomize', FOLDER + name], { encoding: 'utf8' }));
    expect(rendered.length).toBeGreaterThan(4);
    for (const manifest of rendered) {
      validate(manifest);
      expect(manifest.metadata.labels).toMatchObject(LABELS);
    }
    const pod = rendered.find(({ kind }) => kind === 'Deployment').spec.template.spec;
    expect(pod.containers[0].image).toMatch(/^ghcr\.io\/runs-gateway\/runs-gateway:\d+\.\d+\.\d+$/);
  });
});
