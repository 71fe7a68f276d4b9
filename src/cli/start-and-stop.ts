import { once } from 'node:events';
import process from 'node:process';
import { ConfigError } from '../errors/config-error.ts';
import type { Log } from '../observability/log.ts';

/**
 * Waits until a server listens.
 *
 * @param settings the names of the settings of its address
 * @throws ConfigError if it can't listen there
 */
export async function listening<T>(started: Promise<T>, settings: string): Promise<T> {
  try {
    return await started;
  } catch (error) {
    // An error of the system or of DNS, such as `listen EADDRINUSE: address already in use 127.0.0.1:4000`.
    if (!(error instanceof Error && 'syscall' in error)) throw error;
    throw new ConfigError([`${settings}: ${error.message}`]);
  }
}

/** Resolves at the first of the signals; another one then ends the process at once. */
export async function stopSignal(signals: readonly NodeJS.Signals[]): Promise<void> {
  const stopped = new AbortController();
  await Promise.race(signals.map((name) => once(process, name, stopped)));
  stopped.abort();
}

/** Keeps the process alive when a promise rejects that nobody waits for, such as one of a plugin. */
export function logUnhandledRejections(log: Log): void {
  process.on('unhandledRejection', (err) => log.error({ err }, 'Unexpected error'));
}
