import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { ConfigError } from '../../src/config/config-error.ts';
import { type ContractCommand, HELP, parseArguments } from './arguments.ts';

const EXIT_CODE_USAGE = 2;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SUITE = 'test/contract/runs-api.test.ts';
const VITEST = fileURLToPath(new URL('../../node_modules/vitest/vitest.mjs', import.meta.url));

try {
  process.exitCode = run(parseArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.problems.join('\n')}\nSee npm run test:contract -- --help.\n`);
  process.exitCode = EXIT_CODE_USAGE;
}

/** Returns the exit code. */
function run(command: ContractCommand): number {
  if (command.kind === 'help') {
    process.stdout.write(HELP);
    return 0;
  }
  const { status, error } = spawnSync(process.execPath, [VITEST, 'run', '--reporter=tree', SUITE], {
    cwd: ROOT,
    env: { ...process.env, ...command.env },
    stdio: 'inherit',
  });
  if (error !== undefined) throw error;
  return status ?? 1;
}
