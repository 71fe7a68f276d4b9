import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { createInterface } from 'node:readline';

const MAIN = new URL('../../src/main.ts', import.meta.url).pathname;
/** Different lines that are kept of each sort, so that a talkative program doesn't fill the memory of its watcher. */
const MAX_LINES = 10;
const MAX_LINE_LENGTH = 500;
/** Milliseconds for the end after SIGTERM: the gateway itself cuts off what is left after 10 s. */
const STOP_MS = 20_000;

/** What the gateway has written on stderr, as far as it matters. */
interface GatewayLog {
  /** Lines that are no entries of its log: warnings of Node, unhandled rejections, stack traces. */
  readonly strangeLines: readonly string[];
  /** Entries of the level `error` and above: bugs. */
  readonly bugs: readonly string[];
  readonly breakerOpenings: number;
}

/** The gateway in a process of its own, which ends with this one at the latest. */
export interface GatewayProcess extends AsyncDisposable {
  /** Such as `http://127.0.0.1:4000`. */
  readonly url: string;
  readonly log: GatewayLog;
  /** Whether it is still there. */
  isRunning(): boolean;
  /** Bytes of resident memory. Linux only: it reads /proc. */
  residentBytes(): number;
  /** Asks it to end, and resolves with its exit code; null if it had to be killed. */
  stop(): Promise<number | null>;
}

/** Starts `src/main.ts` on a free port. @throws Error when it ends before it listens */
export async function startGatewayProcess(
  env: Readonly<Record<string, string>> = {},
): Promise<GatewayProcess> {
  const child = spawn(process.execPath, [MAIN, '--port', '0'], {
    env: { PATH: process.env['PATH'], DRAIN_GRACE_MS: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  process.once('exit', kill);
  const log = { strangeLines: [] as string[], bugs: [] as string[], breakerOpenings: 0 };
  createInterface({ input: child.stderr }).on('line', (line) => {
    if (!line.startsWith('{"level":')) keep(log.strangeLines, line);
    else if (/^\{"level":[56]0/.test(line)) keep(log.bugs, line);
    else if (line.includes('"change":"opened"')) log.breakerOpenings++;
  });
  const closed = once(child, 'close').then((): number | null => {
    process.off('exit', kill);
    return child.exitCode;
  });
  const url = await Promise.race([
    addressOf(child.stdout),
    closed.then((code) => {
      throw new Error(`The gateway ended with ${code}: ${log.strangeLines.join('\n')}`);
    }),
  ]);
  return {
    url,
    log,
    isRunning: () => child.exitCode === null && child.signalCode === null,
    residentBytes() {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) * 1024;
    },
    async stop() {
      child.kill('SIGTERM');
      const fuse = setTimeout(kill, STOP_MS);
      const code = await closed;
      clearTimeout(fuse);
      return code;
    },
    async [Symbol.asyncDispose]() {
      kill();
      await closed;
    },
  };
}

/** The first address that a program prints. What it prints later is read, and dropped. */
function addressOf(stdout: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    createInterface({ input: stdout }).on('line', (line) => {
      const match = /http:\/\/[^/\s]+/.exec(line);
      if (match !== null) resolve(match[0]);
    });
  });
}

function keep(lines: string[], line: string): void {
  // What makes each entry of the log another one, though it says the same.
  const text = line
    .replace(/"(?:time|requestId|durationMs)":(?:\d+|"[^"]*"),/g, '')
    .slice(0, MAX_LINE_LENGTH);
  if (lines.length < MAX_LINES && !lines.includes(text)) lines.push(text);
}
