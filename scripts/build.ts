import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import process from 'node:process';

/** Writes `dist`: the compiled program, and the files that it reads. What is packed is there, and nothing old. */
process.chdir(new URL('..', import.meta.url).pathname);
rmSync('dist', { recursive: true, force: true });
const projects = ['tsconfig.build.json', 'src/explorer/browser'];
for (const each of projects) execFileSync('node_modules/.bin/tsc', ['-p', each], { stdio: 'inherit' });
for (const file of globSync('**/*.{wasm,css,html,graphql}', { cwd: 'src' })) {
  cpSync(`src/${file}`, `dist/src/${file}`);
}
