import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { ROOT } from '../repository/pages.ts';
import { newFolder } from '../support/new-folder.ts';

const run = promisify(execFile);
/** What npm says where there is no network. */
const OFFLINE = /E(?:CONNREFUSED|CONNRESET|NETUNREACH|NOTFOUND|TIMEDOUT|AI_AGAIN)/;

export type Installation = Awaited<ReturnType<typeof install>>;

/** Installs packages in an empty folder, without those for development. */
export async function install(...packages: readonly string[]) {
  const { path: folder, [Symbol.dispose]: remove } = newFolder();
  /** Why the packages can't be had; undefined if they can. */
  let missing: string | undefined;
  await run('npm', ['install', '--no-audit', '--no-fund', '--prefix', folder, ...packages], {
    cwd: folder,
  }).catch((error: Error) => {
    const [code] = OFFLINE.exec(error.message) ?? [];
    if (code === undefined) throw error;
    missing = `npm can't reach a registry: ${code}`;
    console.warn(`Skipped: ${missing}.`);
  });
  return { folder, missing, [Symbol.dispose]: remove };
}

/** Packs the repository. */
export async function pack() {
  const folder = newFolder();
  const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', folder.path], {
    cwd: ROOT,
    maxBuffer: 16 * 1024 * 1024,
  });
  // What scripts print comes first.
  const printed: unknown = JSON.parse(stdout.slice(stdout.search(/^[[{]/m)));
  const [{ filename, files }] = Object.values(printed as object) as [PackReport];
  return { ...folder, tarball: folder.file(filename), files: files.map((file) => file.path) };
}

interface PackReport {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}
