import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../repository/pages.ts';

const run = promisify(execFile);
/** What npm says where there is no network. */
const OFFLINE = /E(?:CONNREFUSED|CONNRESET|NETUNREACH|NOTFOUND|TIMEDOUT|AI_AGAIN)/;

export type Installation = Awaited<ReturnType<typeof install>>;

/** Installs packages in an empty folder, without those for development. */
export async function install(...packages: readonly string[]) {
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-installed-'));
  /** Why the packages can't be had; undefined if they can. */
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

/** Packs the repository. */
export async function pack() {
  const folder = mkdtempSync(path.join(tmpdir(), 'runs-gateway-packed-'));
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  // What scripts print comes first.
  const printed: unknown = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
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
