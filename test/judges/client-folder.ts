import { execFile } from 'node:child_process';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../repository/pages.ts';
import { newFolder } from '../support/new-folder.ts';

const execute = promisify(execFile);

/** What Go says where there is no network, and Node where there is no Go. */
export const OFFLINE = /dial tcp|no such host|spawn go ENOENT/;

/**
 * A folder of a client, in which its tools run.
 *
 * @param files by name
 * @param packages the folder of the repository whose packages it has
 */
export async function openClientFolder(files: Readonly<Record<string, string>>, packages?: string) {
  const folder = newFolder();
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder.path, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  if (packages !== undefined)
    await symlink(`${ROOT}${packages}/node_modules`, path.join(folder.path, 'node_modules'));
  return {
    /** Runs a program in the folder, or in one below it. @returns what it has printed */
    async run(file: string, args: readonly string[], below = '.'): Promise<string> {
      const cwd = path.join(folder.path, below);
      const options = { cwd, maxBuffer: 2 ** 26 };
      // What was wrong is in what it printed, which the message of its error lacks.
      const { stdout } = await execute(file, args, options).catch(
        (error: Error & { stdout?: string; stderr?: string }) => {
          throw new Error(`${error.message}\n${error.stdout}\n${error.stderr}`);
        },
      );
      return stdout;
    },
    [Symbol.dispose]: folder[Symbol.dispose],
  };
}
