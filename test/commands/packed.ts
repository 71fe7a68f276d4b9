import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ROOT } from '../repository/pages.ts';

const run = promisify(execFile);
/** What npm says where there is no network. */
const OFFLINE = /E(?:CONNREFUSED|CONNRESET|NETUNREACH|NOTFOUND|TIMEDOUT|AI_AGAIN)/;

/** An empty folder in which packages are installed. */
export interface Installation extends Disposable {
  readonly folder: string;
  /** Why the packages can't be had; undefined if they can. */
  readonly missing: string | undefined;
}

/** Installs packages in an empty folder, without those for development. */
export async function install(...packages: readonly string[]): Promise<Installation> {
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-installed-'));
  let missing: string | undefined;
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...packages], {
    cwd: folder,
  }).catch((error: Error) => {
    const [code] = OFFLINE.exec(error.message) ?? [];
    if (code === undefined) throw error;
    missing = `npm can't reach a registry: ${code}`;
  });
  return { folder, missing, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}

interface Packed extends Disposable {
  readonly tarball: string;
  /** The paths in it. */
  readonly files: readonly string[];
}

/** Packs the repository. */
export async function pack(): Promise<Packed> {
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  // What scripts print comes first.
  const printed: unknown = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- A list, or by name, depending on npm.
  const [{ filename, files }] = Object.values(printed as object) as [PackReport];
  return {
    tarball: path.join(folder, filename),
    files: files.map((file) => file.path),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** A command in a folder, ended with the test. */
export interface Command extends AsyncDisposable {
  /** The first address that it prints. */
  readonly url: string;
  /** Sends SIGTERM, and returns the exit code. */
  stop(): Promise<number | null>;
}

/** @param binaries folders in which the command and Node are looked for first */
export async function startCommand(
  command: readonly [string, ...string[]],
  folder: string,
  ...binaries: readonly string[]
): Promise<Command> {
  const [name, ...args] = command;
  const child = spawn(name, args, {
    cwd: folder,
    env: {
      PATH: [...binaries, process.env['PATH']].join(path.delimiter),
      HOME: folder,
      DRAIN_GRACE_MS: '0',
    },
    // A group of its own: npx leaves its child alone.
    detached: true,
  });
  const kill = (signal: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, signal);
    }
  };
  let printed = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stderr.on('data', (chunk) => void (printed += chunk));
    child.stdout.on('data', (chunk) => {
      const address = /http:\/\/[^/\s]+/.exec((printed += chunk))?.[0];
      if (address !== undefined) resolve(address);
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`Ended with ${code}: ${printed}`)));
  });
  const closed = once(child, 'close');
  return {
    url,
    async stop() {
      kill('SIGTERM');
      await closed;
      return child.exitCode;
    },
    async [Symbol.asyncDispose]() {
      kill('SIGKILL');
      await closed;
    },
  };
}
