import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

const read = (file: string): string => readFileSync(new URL(`../../${file}`, import.meta.url), 'utf8');

interface Service {
  readonly image: string;
  readonly depends_on?: readonly string[] | Readonly<Record<string, unknown>>;
  readonly configs?: readonly { readonly source: string }[];
  readonly volumes?: readonly string[];
}

const { services, configs, volumes } = parse(read('deploy/compose.yaml'));
const { version } = JSON.parse(read('package.json'));

it('the gateway is told nothing but settings of its own', () => {
  const settings = read('docs/configuration.md');
  const { NODE_ENV, ...own } = services.gateway.environment;
  expect(NODE_ENV).toBe('production');
  for (const name of Object.keys(own)) expect(settings).toContain(`\`${name}\``);
});

it('nothing is without a version, and the images of the gateway have that of the package', () => {
  for (const { image } of Object.values<Service>(services)) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  expect(services.gateway.image).toBe(`ghcr.io/runs-gateway/runs-gateway:${version}`);
  const { images } = parse(read('deploy/kubernetes/base/kustomization.yaml'));
  expect(images[0]).toMatchObject({ newTag: version });
});

it('what services refer to is there', () => {
  for (const { depends_on = [], configs: used = [], volumes: mounted = [] } of Object.values<Service>(
    services,
  )) {
    const names = Array.isArray(depends_on) ? depends_on : Object.keys(depends_on);
    for (const name of names) expect(services).toHaveProperty(name);
    for (const { source } of used) expect(configs).toHaveProperty(source);
    for (const each of mounted) {
      const [source = ''] = each.split(':');
      if (source.startsWith('.')) expect(() => read(`deploy/${source}/.`)).toThrow('EISDIR');
      else expect(volumes).toHaveProperty(source);
    }
  }
});
