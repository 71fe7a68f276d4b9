import { cpSync, globSync, mkdirSync } from 'node:fs';
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
await bundle.write({
  dir: FOLDER,
  cleanDir: true,
  minify: { compress: true, mangle: false, codegen: false },
});
await bundle.close();
// Modules find their files beside themselves.
for (const file of globSync('**/*.{wasm,js,css,html,graphql}', { cwd: 'src' })) {
  const name = file.replace(/^(?:engine\/rows|http\/graphiql)\//, '');
  mkdirSync(path.join(FOLDER, path.dirname(name)), { recursive: true });
  cpSync(path.join('src', file), path.join(FOLDER, name));
}
cpSync('package.json', 'bundle/package.json');
