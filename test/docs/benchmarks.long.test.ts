import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { lacksProc } from '../support/lacks.ts';
import { ROOT } from './pages.ts';

const run = promisify(execFile);

const SHORT = ['--rows', '10', '--rounds', '1', '--seconds', '0.2', '--warm-up', '0.2', '--only', 'gateway'];

// As small as can be: whether they run, and not what they find.
it.skipIf(lacksProc()).each([
  ['compare', [...SHORT, '--only', 'hand-written,gateway']],
  ['shapes', SHORT],
  ['spellings', ['--rows', '10', '--rounds', '1', '--seconds', '0.1', '--warm-up', '0.1']],
  ['ready', ['--starts', '1']],
  ['poll', ['--clients', '3', '--seconds', '0.5']],
  ['fairness', ['--callers', '3', '--seconds', '0.5', '--connections', '2', '--pages', '20']],
  ['million', ['--requests', '200']],
  ['profile', ['--rows', '10', '--seconds', '0.5', '--top', '3']],
  ['against', ['HEAD', '--rows', '10', '--rounds', '1', '--seconds', '0.2', '--warm-up', '0.2']],
  ['deep-pages', ['--runs', '2000', '--rounds', '1', '--requests', '2']],
  ['distance', ['--latency-ms', '1', '--rounds', '1']],
  ['attackers', ['--seconds', '2', '--rest', '1', '--only', 'subscriptions,nesting']],
  ['visitors', ['--visitors', '60', '--at-once', '10']],
  ['watchers', ['--watchers', '200', '--seconds', '1', '--transport', 'SSE']],
])('The benchmark %s runs, and prints a table', async (name, args) => {
  const { stdout } = await run(process.execPath, [`bench/${name}.ts`, ...args], { cwd: ROOT });
  expect(stdout).toMatch(/^\|.*\|$/m);
});
