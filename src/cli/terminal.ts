import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  stream.write(`${lines.join('\n')}\n`);
}

/** Awaits a server that starts to listen. @throws ConfigError if it can't listen at the address */
export async function listening<T>(config: { host: string; port: number }, started: Promise<T>): Promise<T> {
  try {
    return await started;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    const where = `${config.host}:${config.port}`;
    switch (code) {
      case 'EADDRINUSE':
        throw new ConfigError([`PORT: ${where} is already in use; choose a free one with --port`]);
      case 'EACCES':
        throw new ConfigError([`PORT: ${where} permission denied; choose a port from 1024 up with --port`]);
      case 'EADDRNOTAVAIL':
      case 'ENOTFOUND':
        throw new ConfigError([`HOST: ${config.host} is not a local address; choose another with --host`]);
      default:
        throw error;
    }
  }
}

/** Resolves at the first SIGINT or SIGTERM. */
export function stopSignal(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
