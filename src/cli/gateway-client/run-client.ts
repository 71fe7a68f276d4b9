import { setGlobalProxyFromEnv } from 'node:http';
import process from 'node:process';
import { isLoopback } from '../../access/host-check.ts';
import { ApiError } from '../../client/api-error.ts';
import { EXIT_CODE_PROBLEMS, print } from '../terminal.ts';
import type { ListConfig } from './list-settings.ts';
import { printable } from './text-line.ts';

/** The codes by which shells report a program that a signal has ended. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Prints what happens to a command, in a sentence without a full stop. */
export type Report = (text: string) => void;

/** Runs a command that follows a gateway until a signal, or until the reader of a pipe is gone. */
export async function runClient(
  name: 'tail' | 'watch',
  { url }: ListConfig,
  run: (report: Report) => Promise<void>,
): Promise<void> {
  const report: Report = (text) => {
    // `watch` runs as a service: its lines are read later, and need the time.
    const time = name === 'watch' ? `${new Date().toISOString()} ` : '';
    print(process.stderr, [`${time}runs-gateway ${name}: ${printable(text)}`]);
  };
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES))
    process.once(signal, () => process.exit(code));
  process.stdout.on('error', () => process.exit());
  // Node's fetch would use the proxy of the environment for loopback, too, which the proxy can't reach.
  if (!isLoopback(new URL(url).hostname)) setGlobalProxyFromEnv(process.env);
  try {
    await run(report);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    report(`${url}: ${error.message}`);
    process.exitCode = EXIT_CODE_PROBLEMS;
  }
}
