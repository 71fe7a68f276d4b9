import { once } from 'node:events';
import http from 'node:http';
import process from 'node:process';
import { styleText } from 'node:util';
import { isLoopback } from '../../config/hosts.ts';
import type { TailConfig } from '../../config/tail-config.ts';
import { print } from '../terminal.ts';
import { eventJson, eventLine, type Paint } from './event-line.ts';
import { follow, TailError } from './follow.ts';

const EXIT_CODE_FAILED = 1;
/** As shells report a program that a signal has ended. */
const SIGNAL_EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** Colours only on a terminal, and without `NO_COLOR`. */
const paint: Paint = (color, text) => styleText(color, text, { stream: process.stdout });

function report(text: string): void {
  print(process.stderr, [`runs-gateway tail: ${text}`]);
}

/** Prints runs as they change, until a signal, or until no program reads what is printed. */
export async function tail(config: TailConfig): Promise<void> {
  for (const [signal, code] of Object.entries(SIGNAL_EXIT_CODES))
    process.once(signal, () => process.exit(code));
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  // Node's fetch knows the variables from 24.14 on, but would go through a proxy to loopback as well.
  const { setGlobalProxyFromEnv }: Partial<typeof http> = http;
  if (!isLoopback(new URL(config.url).hostname)) setGlobalProxyFromEnv?.(process.env);
  try {
    for await (const event of follow(config, report)) {
      const now = new Date();
      const line = config.json ? eventJson(event, now) : eventLine(event, now, paint);
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, 'drain');
    }
  } catch (error) {
    if (!(error instanceof TailError)) throw error;
    report(error.message);
    process.exitCode = EXIT_CODE_FAILED;
  }
}
