import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** A process that prints its address, ended with the scope that started it. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
  /** Asks it to end, and waits until it has. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly args?: readonly string[];
  /** What is added to the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Arguments of Node itself. */
  readonly nodeArgs?: readonly string[];
}

/** The repository of this file. */
export const REPOSITORY = new URL('../../', import.meta.url);

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

/**
 * Starts a file of this repository with the Node that runs this one, and waits for its address.
 * Its log goes to /dev/null; with BENCH_LOG set, to the standard error of this process.
 *
 * @throws Error if it ends before it has printed one.
 */
export async function startService(file: URL, options: ServiceOptions = {}): Promise<Service> {
  const { args = [], env = {}, nodeArgs = [] } = options;
  const stderr = process.env['BENCH_LOG'] === undefined ? 'ignore' : 'inherit';
  const child = spawn(process.execPath, [...nodeArgs, fileURLToPath(file), ...args], {
    env: { ...process.env, DRAIN_GRACE_MS: '0', ...env },
    stdio: ['ignore', 'pipe', stderr],
  });
  running.add(child);
  const ended = once(child, 'close').finally(() => running.delete(child));
  const url = await Promise.race([printedAddress(child), ended.then(() => undefined)]);
  if (url === undefined || child.pid === undefined) {
    throw new Error(`${file.pathname} ended before it had an address; see why with BENCH_LOG=1`);
  }
  return {
    url,
    pid: child.pid,
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function printedAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    let printed = '';
    child.stdout?.on('data', (chunk) => {
      printed += String(chunk);
      const match = /http:\/\/[^/\s]+(?=[/\s])/.exec(printed);
      if (match !== null) resolve(match[0]);
    });
  });
}

/** The runs API that stands in for Letta's. */
export function startUpstream(env: Readonly<Record<string, string>> = {}): Promise<Service> {
  return startService(new URL('../upstream.ts', import.meta.url), { env });
}

/** The gateway as `npm start` starts it, over an upstream. @param root of its repository, with a slash at the end */
export function startGateway(
  upstreamUrl: string,
  nodeArgs: readonly string[] = [],
  settings: Readonly<Record<string, string>> = {},
  root = REPOSITORY,
): Promise<Service> {
  const text = readFileSync(new URL('package.json', root), 'utf8');
  const { scripts }: { scripts: { start: string } } = JSON.parse(text);
  // Between `node` and the file.
  const startArgs = scripts.start.split(' ').slice(1, -1);
  return startService(new URL('src/main.ts', root), {
    args: ['--port', '0'],
    env: { LETTA_BASE_URL: upstreamUrl, ...settings },
    nodeArgs: [...startArgs, ...nodeArgs],
  });
}

/** @param name of its file in `contenders` */
export function startContender(name: string, upstreamUrl: string): Promise<Service> {
  return startService(new URL(`../contenders/${name}.ts`, import.meta.url), {
    // What their documentation asks for; the gateway is started without it, as it is shipped.
    env: { LETTA_BASE_URL: upstreamUrl, NODE_ENV: 'production' },
  });
}
