import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

/** A process that prints its address, ended with the scope that started it. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly pid: number;
}

/** The repository of this file. */
const REPOSITORY = fileURLToPath(new URL('../../', import.meta.url));

/**
 * Starts a program with the Node that runs this one, and waits for its address. What it logs is dropped, unless
 * BENCH_LOG is set.
 *
 * @param command arguments of Node, the file within the repository, and its own arguments, with a space in between
 * @throws Error if it ends before it has printed an address
 */
export async function startService(
  command: string,
  env: Readonly<Record<string, string>> = {},
  cwd = REPOSITORY,
): Promise<Service> {
  const child = spawn(process.execPath, command.split(' '), {
    cwd,
    env: { ...process.env, DRAIN_GRACE_MS: '0', ...env },
    stdio: ['ignore', 'pipe', process.env['BENCH_LOG'] === undefined ? 'ignore' : 'inherit'],
  });
  const ended = once(child, 'close');
  const url = await new Promise<string>((resolve, reject) => {
    let printed = '';
    child.stdout.on('data', (chunk) => {
      printed += String(chunk);
      const [address] = /http:\/\/[^/\s]+(?=[/\s])/.exec(printed) ?? [];
      if (address !== undefined) resolve(address);
    });
    const reason = `${command} ended before it had an address; see why with BENCH_LOG=1`;
    ended.then(() => reject(new Error(reason)), reject);
  });
  return {
    url,
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Reads a metric of a gateway, summed over its labels. @param name without `runs_gateway_` */
export async function metric({ url }: Service, name: string): Promise<number> {
  const text = await (await fetch(`${url}/metrics`)).text();
  const lines = text.matchAll(new RegExp(`^runs_gateway_${name}(?:\\{.*\\})? (\\d+)$`, 'gm'));
  return [...lines].reduce((sum, [, value]) => sum + Number(value), 0);
}

/** 3,000 sample runs of an API that answers at once, see `caching-upstream.ts`. */
export async function startUpstream(stack: AsyncDisposableStack): Promise<Service> {
  const api = stack.use(await startService('src/main.ts runs-api --port 0 --runs 3000'));
  return stack.use(await startService('bench/caching-upstream.ts', { LETTA_BASE_URL: api.url }));
}

/** The gateway as `npm start` starts it. @param repository where another commit is checked out */
export function startGateway(upstream: Service, settings = {}, repository = REPOSITORY): Promise<Service> {
  const { scripts } = JSON.parse(readFileSync(join(repository, 'package.json'), 'utf8'));
  const command = String(scripts.start).replace(/^node /, '');
  return startService(`${command} --port 0`, { LETTA_BASE_URL: upstream.url, ...settings }, repository);
}

/** @param name of its file in `contenders` */
export function startContender(name: string, upstream: Service): Promise<Service> {
  // NODE_ENV is what their documentation asks for; the gateway is started without it, as it is shipped.
  const env = { LETTA_BASE_URL: upstream.url, NODE_ENV: 'production' };
  return startService(`bench/contenders/${name}.ts`, env);
}

/** Checks out another commit, and installs what it needed then. @returns the folder, which goes with this process */
export function checkOut(ref: string): string {
  const path = join(tmpdir(), `runs-gateway-against-${process.pid}`);
  run('git', ['worktree', 'add', '--quiet', '--detach', path, ref]);
  process.once('exit', () => run('git', ['worktree', 'remove', '--force', path]));
  process.once('SIGINT', () => process.exit(130));
  run('npm', ['--prefix', path, 'ci', '--no-audit', '--no-fund']);
  return path;
}

function run(file: string, args: readonly string[]): void {
  execFileSync(file, args, { cwd: REPOSITORY, stdio: ['ignore', 'ignore', 'inherit'] });
}
