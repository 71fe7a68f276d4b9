import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
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
const LOCKFILES = `{scripts,examples/${EXAMPLES},test/!(mutants)}/package-lock.json`;
const root = fileURLToPath(new URL('../', import.meta.url));

for (const lockfile of globSync(LOCKFILES, { cwd: root }).toSorted()) {
  const part = dirname(lockfile);
  if (!isInstalled(part) && !install(part)) {
    process.stderr.write(`The packages of ${part} are missing. Run: npm --prefix ${part} ci\n`);
    process.exitCode = 1;
  }
}

function isInstalled(part: string): boolean {
  const [lockfile, installed] = [lockfileOf(part), installedOf(part)];
  return existsSync(installed) && readFileSync(installed).equals(readFileSync(lockfile));
}

function install(part: string): boolean {
  process.stdout.write(`Installing the packages of ${part}\n`);
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: join(root, part),
    stdio: 'inherit',
    // npm is a script there, which nothing but a shell can start.
    shell: process.platform === 'win32',
  });
  if (status !== 0) return false;
  // For a part that has no packages, npm makes no folder.
  mkdirSync(dirname(installedOf(part)), { recursive: true });
  copyFileSync(lockfileOf(part), installedOf(part));
  // Vitest remembers which copy of a package a file got, and here it may get another one from now on.
  rmSync(join(root, 'node_modules/.vitest-cache'), { recursive: true, force: true });
  return true;
}

function lockfileOf(part: string): string {
  return join(root, part, 'package-lock.json');
}

/** The lockfile that the packages come from. npm's own record won't do: it changes without an installation. */
function installedOf(part: string): string {
  return join(root, part, 'node_modules/.installed-package-lock.json');
}
