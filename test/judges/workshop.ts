import { execFile } from 'node:child_process';
import { mkdir, mkdtempDisposable, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { promisify } from 'node:util';
import { ROOT } from '../repository/pages.ts';

const execute = promisify(execFile);

/** What tools say where there is no network. */
const OFFLINE =
  /E(?:CONNREFUSED|CONNRESET|NETUNREACH|NOTFOUND|TIMEDOUT|AI_AGAIN)|dial tcp|no such host|Temporary failure|NewConnectionError/;

/** A folder of a client, in which its tools run. */
export interface Workshop extends AsyncDisposable {
  readonly folder: string;
  /** Runs a program in the folder, or in one below it. @returns what it has printed */
  run(file: string, args: readonly string[], below?: string): Promise<string>;
}

/**
 * @param files by name
 * @param packages the folder of the repository whose packages it has
 */
export async function openWorkshop(
  files: Readonly<Record<string, string>>,
  packages?: string,
): Promise<Workshop> {
  const folder = await mkdtempDisposable(path.join(tmpdir(), 'client-'));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  if (packages !== undefined)
    await symlink(`${ROOT}${packages}/node_modules`, path.join(folder.path, 'node_modules'));
  return {
    folder: folder.path,
    async run(file, args, below = '.') {
      const cwd = path.join(folder.path, below);
      const options = { cwd, env: { ...process.env, PYTHONPATH: cwd }, maxBuffer: 2 ** 26 };
      // What was wrong is in what it printed, which the message of its error lacks.
      const { stdout } = await execute(file, args, options).catch(
        (error: Error & { stdout?: string; stderr?: string }) => {
          throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
        },
      );
      return stdout;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}

/** Skips a test if a step fails that needs a network where there is none; any other failure is one. */
export async function orSkip<T>(step: Promise<T>, skip: (reason: string) => never): Promise<T> {
  try {
    return await step;
  } catch (error) {
    const [offline] = OFFLINE.exec(String(error)) ?? [];
    const [missing] = /spawn (\S+) ENOENT/.exec(String(error)) ?? [];
    const reason = missing ?? offline;
    if (reason === undefined) throw error;
    console.warn(`Skipped: ${reason}`);
    return skip(reason);
  }
}
