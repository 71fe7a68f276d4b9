import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';

/** For a command line or a configuration that can't be used. */
export const EXIT_CODE_USAGE = 2;

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
}

/** Why a server can't listen, by the code of the error, and the setting to choose another value of. */
const LISTEN_ERRORS: Readonly<Record<string, readonly ['PORT' | 'HOST', why: string]>> = {
  EADDRINUSE: ['PORT', 'is already in use; choose a free one'],
  EACCES: ['PORT', 'permission denied; choose a port from 1024 up'],
  EADDRNOTAVAIL: ['HOST', 'is not a local address; choose another'],
  ENOTFOUND: ['HOST', 'is not a local address; choose another'],
};

/**
 * Awaits a server that starts to listen.
 *
 * @param prefix of the settings that name the address: `HOST` and `PORT`, or `ADMIN_HOST` and `ADMIN_PORT`
 * @throws ConfigError if it can't listen at the address
 */
export async function listening<T>(
  { host, port, socketPath }: { host: string; port: number; socketPath?: string | undefined },
  started: Promise<T>,
  prefix: '' | 'ADMIN_' = '',
): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (socketPath !== undefined && code !== '') {
      const folder = `no socket can be made there; is its folder there, and may it be written? (${code})`;
      const why = code === 'EADDRINUSE' ? 'already in use' : folder;
      throw new ConfigError([`SOCKET_PATH: ${socketPath}: ${why}`]);
    }
    const [name, why] = LISTEN_ERRORS[code] ?? [];
    if (name === undefined) throw error;
    const variable = prefix + name;
    const flag = variable.toLowerCase().replace('_', '-');
    throw new ConfigError([`${variable}: ${host}:${port} ${why} with --${flag}`]);
  }
}

/**
 * Resolves at the first signal to stop. A second one of any kind ends the process at once. A program
 * that was started by `cluster` or `fork` also stops when the process that started it disconnects or ends.
 *
 * @param signals those that stop it
 */
export function stopSignal(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of signals) process.off(signal, stop);
      process.off('disconnect', stop);
      resolve();
    };
    for (const signal of signals) process.on(signal, stop);
    process.on('disconnect', stop);
    // It may have happened before.
    if (process.channel === null) stop();
  });
}

/** Whether the program runs at a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY || process.stdout.isTTY;
}
