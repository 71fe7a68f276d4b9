import { globSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { WATCH_SETTINGS } from '../../src/cli/watch/settings.ts';
import type { Setting } from '../../src/config/define-settings.ts';
import { GATEWAY_SETTINGS } from '../../src/config/gateway-settings.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
/** Of other programs in the same files. */
const OTHERS = /^(?:NODE|POSTGRES|LETTA_PG|LETTA_SERVER|GF|OPENAI)_|^SECURE$/;
const VARIABLES = Object.values<Setting>({ ...GATEWAY_SETTINGS, ...WATCH_SETTINGS }).flatMap(
  ({ variable }) => variable ?? [],
);

it.each(globSync('deploy/**/*.{yaml,service}', { cwd: ROOT }))(
  '%s sets no variable that nothing reads',
  (file) => {
    const text = readFileSync(ROOT + file, 'utf8');
    const names = [
      ...text.matchAll(/\bname: ([A-Z][A-Z_]+)\b/g),
      ...text.matchAll(/^\s+([A-Z][A-Z_]+): /gm),
      ...text.matchAll(/(?<=^Environment=.*)\b([A-Z][A-Z_]+)=/gm),
    ].map(([, name = '']) => name);
    expect(names.filter((name) => !VARIABLES.includes(name) && !OTHERS.test(name))).toEqual([]);
  },
);

it('the images of the gateway have the version of the package', () => {
  const { version } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as { readonly version: string };
  const compose = readFileSync(`${ROOT}deploy/compose.yaml`, 'utf8');
  expect(compose).toContain(`ghcr.io/runs-gateway/runs-gateway:${version}\n`);
  const kustomization = readFileSync(`${ROOT}deploy/kubernetes/base/kustomization.yaml`, 'utf8');
  expect(kustomization).toMatch(new RegExp(`newTag: '?"?${version.replaceAll('.', '\\.')}`));
});
