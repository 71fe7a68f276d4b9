import { spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as delay } from 'node:timers/promises';
import { ROOT } from './pages.ts';

interface CommandOptions {
  /** @default the root of the repository */
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/**
 * Starts a program with its arguments, or a command in a shell, which serves until it is ended.
 *
 * @throws Error `Ended with CODE: …` if it ends before it listens
 */
export async function startCommand(
  command: string | readonly [string, ...string[]],
  { cwd = ROOT, env = {} }: CommandOptions = {},
) {
  const { HOME = '', PATH = '' } = process.env;
  const shell = typeof command === 'string';
  const [file, ...args] = shell ? [command] : command;
  const options = { shell, cwd, env: { HOME, PATH, DRAIN_GRACE_MS: '0', ...env } };
  // A group of its own: npm, npx and the shell are ended with the program.
  const child = spawn(file, args, { ...options, detached: true });
  const closed = once(child, 'close');
  let output = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => (output += String(chunk)));
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
      const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(output) ?? [];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Ended with ${code}: ${output}`)));
  });
  // The line after the address may come with the next chunk.
  await delay(100);
  /** Sends SIGTERM. @returns the exit code */
  const stop = async (): Promise<number | null> => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGTERM');
    await closed;
    return child.exitCode;
  };
  // The greeting is what it has printed when it has said where it listens.
  return { url, greeting: output, stop, [Symbol.asyncDispose]: async () => void (await stop()) };
}
