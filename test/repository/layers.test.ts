import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempDisposableSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { LAYERS, layerOf } from '../../layers.ts';
import { ROOT } from './pages.ts';

const FILES = globSync('**/*.ts', { cwd: `${ROOT}src`, exclude: ['**/assembly/**', '**/browser/**'] });

/** A file of another room that a layer doesn't list. */
function forbiddenTo(layer: string): string {
  const uses = LAYERS[layer]?.uses ?? [];
  const found = FILES.find((file) => {
    const isListed = uses.some(
      (used) => used === layerOf(file) || file === used || file.startsWith(`${used}/`),
    );
    return layerOf(file) !== layer && !isListed;
  });
  if (found === undefined) throw new Error(`${layer} may import everything`);
  return found;
}

it('The linter refuses what a room must not import, process where it is not listed, and rooms without a row', () => {
  using copy = mkdtempDisposableSync(path.join(tmpdir(), 'layers-'));
  for (const name of ['src', 'embedded-api', 'layers.ts', 'oxlint.config.ts', 'package.json'])
    cpSync(ROOT + name, path.join(copy.path, name), { recursive: true });
  symlinkSync(`${ROOT}node_modules`, path.join(copy.path, 'node_modules'));
  const lint = () => {
    const args = ['--format=unix', 'src', 'embedded-api'];
    return spawnSync(`${ROOT}node_modules/.bin/oxlint`, args, { cwd: copy.path, encoding: 'utf8' });
  };
  const expected: string[] = [];
  const refuses = (file: string, imported: string, isRefused = true) => {
    writeFileSync(path.join(copy.path, 'src', file), `export * from '${imported}';\n`);
    if (isRefused) expected.push(path.join('src', file));
  };
  for (const [layer, { process }] of Object.entries(LAYERS)) {
    const file = layer.endsWith('.ts') ? layer : `${layer}/forbidden.ts`;
    const folder = path.dirname(path.join('src', file));
    const imported = path.relative(folder, path.join('src', forbiddenTo(layer)));
    refuses(file, imported.startsWith('.') ? imported : `./${imported}`);
    if (!layer.endsWith('.ts')) refuses(`${layer}/of-process.ts`, 'node:process', process !== true);
  }
  const refused = lint().stdout.matchAll(/^(.*?):1:\d+: .*import is restricted/gm);
  expect(new Set([...refused].map(([, file]) => file))).toEqual(new Set(expected));

  mkdirSync(path.join(copy.path, 'src/unlisted'));
  writeFileSync(path.join(copy.path, 'src/unlisted/room.ts'), 'export {};\n');
  const { status, stdout, stderr } = lint();
  expect([status === 0, stdout + stderr]).toEqual([
    false,
    expect.stringContaining('src/unlisted/room.ts: list its room in layers.ts'),
  ]);
});
