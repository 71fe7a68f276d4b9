import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
/** The flags of Node with which the command starts. */
const FLAGS = readFileSync(MAIN, 'utf8').split('\n', 1).join().split(' ').slice(3);

export type Program = ReturnType<typeof startProgram>;

/** The program in a process of its own, ended with the test that started it. */
export function startProgram(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd: string = process.cwd(),
) {
  const child = spawn(process.execPath, [...FLAGS, MAIN, ...args], {
    cwd,
    // Tests that need a grace period, or runs that change, ask for it.
    env: { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', LIVE: 'off', ...env },
  });
  let stdout = '';
  let stderr = '';
  const { promise: url, resolve, reject } = Promise.withResolvers<string>();
  // A program that is expected to fail has no address, which is no failure of the test.
  url.catch(() => undefined);
  child.stdout.on('data', (chunk) => {
    stdout += chunk;
    const match = /http:\/\/[^/\s]+/.exec(stdout);
    if (match !== null) resolve(match[0]);
  });
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const ended = once(child, 'close').then(([code]: (number | null)[]) => {
    reject(new Error(`Ended with ${code}: ${stderr}`));
    return { code, stdout, stderr };
  });
  return {
    process: child,
    /** The first address that it prints. Rejects if it ends before. */
    url,
    ended,
    /** What it has printed so far on standard output. */
    printed: () => stdout,
    /** And on standard error. */
    logged: () => stderr,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
