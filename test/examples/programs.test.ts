import { execFile } from 'node:child_process';
import process from 'node:process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedRuns, serveRuns } from './served-runs.ts';

const run = promisify(execFile);
const ROOT = new URL('../..', import.meta.url).pathname;

let served: ServedRuns;
beforeAll(async () => {
  served = await serveRuns();
});
afterAll(() => served[Symbol.asyncDispose]());

/** What an example prints when it is started as its README says. */
async function output(example: string, args: string[] = [], env: Record<string, string> = {}) {
  const path = process.env['PATH'] ?? '';
  return run(process.execPath, [`examples/${example}/main.ts`, ...args], {
    cwd: ROOT,
    env: { PATH: path, ...env },
  });
}

describe('The examples as programs', () => {
  it.each(['relay', 'apollo', 'urql', 'node'])('examples/%s takes an address', async (example) => {
    const failed = await served.restIds('&statuses=failed');
    const { stdout, stderr } = await output(example, [served.url]);
    expect(stdout).toContain(failed[0]);
    if (example === 'node') expect(stdout.trim().split('\n')).toHaveLength(failed.length);
    else expect(stdout).toContain(`${failed.length} failed runs`);
    expect(stderr).toBe('');
  });

  it.each(['relay', 'apollo', 'urql', 'node'])('examples/%s reads GATEWAY_URL', async (example) => {
    const [newest] = await served.restIds('&statuses=failed');
    expect((await output(example, [], { GATEWAY_URL: served.url })).stdout).toContain(newest);
  });

  it('examples/node starts again from the newest run when its cursor leads nowhere', async () => {
    const failed = await served.restIds('&statuses=failed');
    const { stdout, stderr } = await output('node', [served.url, 'run-of-yesterday']);
    expect(stdout.trim().split('\n')).toHaveLength(failed.length);
    expect(stderr).toContain('Starting again');
  });
});

describe('What is generated for the examples', () => {
  it.each([
    ['relay', 'relay-compiler', '--validate'],
    ['node', 'graphql-codegen', '--check'],
  ])('examples/%s is what %s makes of the schema', async (example, binary, argument) => {
    const folder = `${ROOT}examples/${example}`;
    await run(`${folder}/node_modules/.bin/${binary}`, [argument], { cwd: folder });
  });
});
