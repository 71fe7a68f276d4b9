import process from 'node:process';

/** The exit code for problems in what a command checks, or of the gateway that it follows. */
export const EXIT_CODE_PROBLEMS = 1;
/** The exit code for a command line or a configuration that can't be used. */
export const EXIT_CODE_USAGE = 2;

/** Writes lines to a stream, each with a line break. */
export function print(stream: NodeJS.WriteStream, lines: readonly string[]): void {
  if (lines.length > 0) stream.write(`${lines.join('\n')}\n`);
}

/** Whether the program runs at a terminal. */
export function isInteractive(): boolean {
  return process.stdin.isTTY || process.stdout.isTTY;
}
