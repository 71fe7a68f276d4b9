import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(`${lines.join('\n')}\n`);
}

/** The settings that name an address, for error messages. */
interface AddressNames {
  readonly host: 'HOST' | 'ADMIN_HOST';
  readonly port: 'PORT' | 'ADMIN_PORT';
}

/** Awaits a server that starts to listen. @throws ConfigError if it can't listen at the address */
export async function listening<T>(
  address: { host: string; port: number },
  started: Promise<T>,
  names: AddressNames = { host: 'HOST', port: 'PORT' },
): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${names.port}: ${address.host}:${address.port}`;
    const [hostFlag, portFlag] = [names.host, names.port].map(flagOf);
    switch (code) {
      case 'EADDRINUSE':
        throw new ConfigError([`${where} is already in use; choose a free one with ${portFlag}`]);
      case 'EACCES':
        throw new ConfigError([`${where} permission denied; choose a port from 1024 up with ${portFlag}`]);
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new ConfigError([
          `${names.host}: ${address.host} is not a local address; choose another with ${hostFlag}`,
        ]);
      default:
        throw error;
    }
  }
}

function flagOf(variable: string): string {
  return `--${variable.toLowerCase().replace('_', '-')}`;
}

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Resolves at the first signal to stop. A second one, whichever it is, ends the process at once. A program
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

/** Whether somebody sits in front of the program. */
export function isInteractive(): boolean {
  return process.stdin.isTTY || process.stdout.isTTY;
}
