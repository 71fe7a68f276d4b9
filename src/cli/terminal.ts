import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';

/** For a command line or a configuration that can't be used. */
export const EXIT_CODE_USAGE = 2;

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
}

/**
 * Awaits a server that starts to listen.
 *
 * @param settings the names of the settings that say where
 * @throws ConfigError if it can't listen there
 */
export async function listening<T>(started: Promise<T>, settings: string): Promise<T> {
  try {
    return await started;
  } catch (error) {
    // Of the system or of DNS, with the address, such as `listen EADDRINUSE: address already in use 127.0.0.1:4000`.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new ConfigError([`${settings}: ${error.message}`]);
  }
}

/**
 * Resolves at the first signal to stop. A second one of any kind ends the process at once. A program
 * that was started by `cluster` or `fork` also stops when the process that started it disconnects or ends.
 *
 * @param signals that stop it
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
