import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** Runs the unit and whole tests with another version of graphql, in a clone of what is committed. */
const [version = '17', ...filters] = process.argv.slice(2);
const clone = mkdtempSync(path.join(tmpdir(), 'runs-gateway-'));
process.once('exit', () => rmSync(clone, { recursive: true, force: true }));

run('git', 'clone', '--quiet', fileURLToPath(new URL('..', import.meta.url)), clone);
run('npm', 'ci', '--no-audit', '--no-fund');
// Some tools of the checkout refuse it, such as a plugin that is tested: --force, and not saved.
run('npm', 'install', '--no-save', '--force', '--no-audit', '--no-fund', `graphql@${version}`);
run('npm', 'ls', 'graphql', '--depth=0');
run('npm', 'run', 'parts');
run('npx', 'vitest', 'run', '--project', 'unit', '--project', 'whole', ...filters);

function run(command: string, ...args: readonly string[]): void {
  const { status } = spawnSync(command, args, { cwd: clone, stdio: 'inherit' });
  if (status !== 0 && args[0] !== 'ls') process.exit(status ?? 1);
}
