import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { ROOT } from './pages.ts';

/** A command of a page that serves until it is ended. */
interface RunningCommand extends AsyncDisposable {
  /** What it has printed when it has said where it listens. */
  readonly greeting: string;
  readonly url: string;
}

/** Starts a command in a shell, in the root of the repository. Rejects if it ends before it listens. */
export async function startCommand(
  command: string,
  env: Readonly<Record<string, string>> = {},
): Promise<RunningCommand> {
  const { HOME = '', PATH = '' } = process.env;
  // A group of its own: npm and the shell are ended with the program.
  const child = spawn(command, { shell: true, cwd: ROOT, detached: true, env: { HOME, PATH, ...env } });
  const closed = once(child, 'close');
  const { promise, resolve, reject } = Promise.withResolvers<{ greeting: string; url: string }>();
  let output = '';
  const read = (chunk: Buffer): void => {
    output += chunk.toString();
    const [url] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
    // The line after the address may come with the next chunk.
    if (url !== undefined && output.endsWith('\n')) setTimeout(() => resolve({ greeting: output, url }), 100);
  };
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.once('close', (code) => reject(new Error(`${command} ended with ${code}: ${output}`)));
  return {
    ...(await promise),
    async [Symbol.asyncDispose]() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
      await closed;
    },
  };
}
