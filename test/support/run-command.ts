import process from 'node:process';
import { vi } from 'vitest';
import { runCommand as run } from '../../src/cli/run-command.ts';

/** What a command may have set, which TypeScript can't know of. */
const exitCodeOf = ({ exitCode }: typeof process): number => Number(exitCode ?? 0);

/** Runs a command that ends by itself in this process, as its program does; one at a time. */
export async function runCommand(args: readonly string[], env: Record<string, string> = {}) {
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  const { exitCode } = process;
  process.exitCode = undefined;
  try {
    await run(args, env);
    return { code: exitCodeOf(process), ...printed };
  } finally {
    process.exitCode = exitCode;
    for (const spy of spies) spy.mockRestore();
  }
}
