import { execFileSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { rolldown } from 'rolldown';

/**
 * Writes `bundle` from `dist`: the program in a few files that need no packages, for the image. It starts with less
 * CPU than from its hundreds of modules, and takes less memory. Without source maps: stack traces name functions.
 */
process.chdir(new URL('..', import.meta.url).pathname);
const FOLDER = 'bundle/dist/src';

const bundle = await rolldown({ input: 'dist/src/main.js', platform: 'node', logLevel: 'warn' });
const { output } = await bundle.write({
  dir: FOLDER,
  cleanDir: true,
  minify: { compress: true, mangle: false, codegen: false },
});
await bundle.close();
// Modules find their files beside themselves.
for (const file of globSync('{**/*.{wasm,css,html,graphql},explorer/browser/**/*.js}', { cwd: 'dist/src' })) {
  const name = file.replace(/^(?:engine\/rows|graphiql|explorer)\//, '');
  mkdirSync(path.join(FOLDER, path.dirname(name)), { recursive: true });
  cpSync(path.join('dist/src', file), path.join(FOLDER, name), { force: false, errorOnExist: true });
}
// What browsers are sent is read from these packages.
const SENT = ['preact', 'htm'];
for (const file of globSync(`node_modules/{${SENT.join(',')}}/{package.json,LICENSE,{.,hooks}/dist/*.mjs}`)) {
  cpSync(file, path.join('bundle', file));
}
cpSync('package.json', 'bundle/package.json');

// What is in the bundle by npm's scopes isn't: the packages of optional settings are there, those of development aren't.
const paths = output.flatMap((each) => (each.type === 'chunk' ? each.moduleIds : []));
const names = new Set([
  'node',
  ...SENT,
  ...paths.map((id) => /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1]),
]);
// npm takes the overrides in installed packages for conflicts.
const sbom = execFileSync('npm', ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx'], {
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
});
const { components, dependencies: _dependencies, ...bom } = Object(JSON.parse(sbom));
const bundled = components.filter(({ name }: { name: string }) => names.has(name));
writeFileSync('bundle/sbom.cdx.json', JSON.stringify({ ...bom, components: bundled }, null, 2));
