import { execFile } from 'node:child_process';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs a TypeScript program of this repository to its end, and returns what it printed.
 *
 * @param file from the root, such as `test/soak/main.ts`
 * @throws Error with all it has printed, when it fails
 */
export async function runScript(file: string, args: readonly string[]): Promise<string> {
  const { stdout } = await promisify(execFile)(process.execPath, [file, ...args], { cwd: ROOT }).catch(
    (error: Error & { readonly stdout?: string }) => {
      throw new Error(`${error.message}\n${error.stdout ?? ''}`, { cause: error });
    },
  );
  return stdout;
}
