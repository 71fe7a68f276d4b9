import { readFileSync, writeFileSync } from 'node:fs';

/** Writes the version of the package to what is deployed: called when a release is prepared. */
const root = new URL('..', import.meta.url);
const { version }: { version: string } = JSON.parse(readFileSync(new URL('package.json', root), 'utf8'));
for (const [file, pattern] of [
  ['deploy/compose.yaml', /(runs-gateway:)\d\S*/],
  ['deploy/kubernetes/base/kustomization.yaml', /(newTag: )\S+/],
] as const) {
  const text = readFileSync(new URL(file, root), 'utf8');
  writeFileSync(new URL(file, root), text.replace(pattern, `$1${version}`));
}
