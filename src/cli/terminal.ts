import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(`${lines.join('\n')}\n`);
}

/**
 * Awaits a server that starts to listen.
 *
 * @param prefix of the settings that name the address: `HOST` and `PORT`, or `ADMIN_HOST` and `ADMIN_PORT`
 * @throws ConfigError if it can't listen at the address
 */
export async function listening<T>(
  { host, port }: { host: string; port: number },
  started: Promise<T>,
  prefix: '' | 'ADMIN_' = '',
): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${prefix}PORT: ${host}:${port}`;
    const flags = `--${prefix.toLowerCase().replace('_', '-')}`;
    switch (code) {
      case 'EADDRINUSE':
        throw new ConfigError([`${where} is already in use; choose a free one with ${flags}port`]);
      case 'EACCES':
        throw new ConfigError([`${where} permission denied; choose a port from 1024 up with ${flags}port`]);
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new ConfigError([
          `${prefix}HOST: ${host} is not a local address; choose another with ${flags}host`,
        ]);
      default:
        throw error;
    }
  }
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves at the first signal to stop. A second one of any kind ends the process at once. A program
 * that was started by `cluster` or `fork` also stops when the process that started it disconnects or ends.
 */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      for (const signal of STOP_SIGNALS) process.off(signal, stop);
      process.off('disconnect', stop);
      resolve();
    };
    for (const signal of STOP_SIGNALS) process.on(signal, stop);
    process.on('disconnect', stop);
    // It may have happened before.
    if (process.channel === null) stop();
  });
}

/** Whether the program runs at a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY || process.stdout.isTTY;
}
