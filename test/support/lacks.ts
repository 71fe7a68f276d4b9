import { existsSync, readFileSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import process from 'node:process';

const CI = readFileSync(new URL('../../.ci/run', import.meta.url), 'utf8');
/** The programs that `.ci/run` installs. */
const INSTALLED_BY_CI = /^programs=\((.*)\)/m.exec(CI)?.[1]?.split(' ') ?? [];

/** Whether there is no such file, for `skipIf`. Prints what is left out, and how to bring it. */
export function lacks(path: string, advice: string): boolean {
  const isThere = existsSync(path);
  if (!isThere) console.warn(`Skipped: there is no ${path}; ${advice}.`);
  return !isThere;
}

/** Returns the path of a program: of one on the `PATH`, or what is a path already. */
export const findProgram = (name: string): string | undefined =>
  (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => resolve(folder, name))
    .find((path) => existsSync(path));

/** Whether a program isn't on the `PATH`, for `skipIf`. Where `CI` is set, one that `.ci/run` installs has to be there. */
export function lacksProgram(name: string, advice = `"apt-get install ${name}" brings it`): boolean {
  if (findProgram(name) !== undefined) return false;
  if (process.env['CI'] && INSTALLED_BY_CI.includes(name)) throw new Error(`There is no ${name} on the PATH`);
  return lacks(name, advice);
}

/** Whether there is no `/proc`, in which some tests read what a process holds. */
export const lacksProc = (): boolean => lacks('/proc/self/status', 'these tests need Linux');
