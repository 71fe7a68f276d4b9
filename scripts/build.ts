import { execFileSync } from 'node:child_process';
import { cpSync, globSync, rmSync } from 'node:fs';
import process from 'node:process';

/** Writes `dist`: the compiled program, and the files that it reads. What is packed is there, and nothing old. */
process.chdir(new URL('..', import.meta.url).pathname);
rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, ['scripts/bundle-explorer.ts'], { stdio: 'inherit' });
execFileSync('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
for (const file of globSync(['**/*.{wasm,html,graphql}', 'explorer/bundle/*'], { cwd: 'src' })) {
  cpSync(`src/${file}`, `dist/src/${file}`);
}
