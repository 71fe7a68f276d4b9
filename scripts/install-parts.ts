import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/**
 * Installs the packages of each part of the repository that has a lockfile of its own: what only
 * some tests and generators need, so that `npm ci && npm start` doesn't wait for it. A part that was
 * installed from the lockfile as it is now is left alone, and no network is needed. The benchmark is
 * not among them: `npm run bench` installs what it needs, and so does `npm run test:mutants`. Nor are the
 * routers, 780 MB for a few long tests: `--all` installs them too.
 */
const EXAMPLES = process.argv.includes('--all') ? '*' : '!(routers)';
process.chdir(fileURLToPath(new URL('../', import.meta.url)));

const lockfiles = globSync(`{scripts,examples/${EXAMPLES},test/!(mutants)}/package-lock.json`);
await Promise.all(lockfiles.toSorted().map(install));

async function install(lockfile: string): Promise<void> {
  const part = path.dirname(lockfile);
  // The lockfile that the packages come from. npm's own record won't do: it changes without an installation.
  const installed = path.join(part, 'node_modules/.installed-package-lock.json');
  if (existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile))) return;
  process.stdout.write(`Installing the packages of ${part}\n`);
  // npm is a script on Windows, which nothing but a shell can start.
  const options = { cwd: part, stdio: 'inherit', shell: process.platform === 'win32' } as const;
  const [status] = await once(spawn('npm', ['ci', '--no-audit', '--no-fund'], options), 'close');
  if (status !== 0) {
    process.stderr.write(`The packages of ${part} are missing. Run: npm --prefix ${part} ci\n`);
    process.exitCode = 1;
    return;
  }
  // For a part that has no packages, npm makes no folder.
  mkdirSync(path.dirname(installed), { recursive: true });
  copyFileSync(lockfile, installed);
  // Vitest remembers which copy of a package a file got, and here it may get another one from now on.
  rmSync('node_modules/.vitest-cache', { recursive: true, force: true });
}
