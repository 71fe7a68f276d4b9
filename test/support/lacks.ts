import { existsSync } from 'node:fs';

/** Whether a machine has no such tool, for `skipIf`. Prints what is left out, and how to bring it. */
export function lacks(path: string, advice: string): boolean {
  const isThere = existsSync(path);
  if (!isThere) console.warn(`Skipped: there is no ${path}; ${advice}.`);
  return !isThere;
}

/** Whether there is no `/proc`, in which some tests read what a process holds. */
export const lacksProc = (): boolean => lacks('/proc/self/status', 'these tests need Linux');
