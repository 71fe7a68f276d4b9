import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
/** The flags of Node with which the command starts. */
const FLAGS = readFileSync(MAIN, 'utf8').split('\n', 1).join().split(' ').slice(3);

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The program in a process of its own, ended with the test that started it. */
export interface Program extends AsyncDisposable {
  readonly process: ChildProcess;
  /** The first address that it prints. Rejects if it ends before. */
  readonly url: Promise<string>;
  readonly ended: Promise<Ended>;
  /** What it has printed so far on standard output. */
  readonly printed: () => string;
  /** And on standard error. */
  readonly logged: () => string;
}

export function startProgram(
  args: readonly string[],
  env: Record<string, string> = {},
  cwd: string = process.cwd(),
): Program {
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
  const ended = once(child, 'close').then(([code]): Ended => {
    reject(new Error(`Ended with ${code}: ${stderr}`));
    return { code, stdout, stderr };
  });
  return {
    process: child,
    url,
    ended,
    printed: () => stdout,
    logged: () => stderr,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
