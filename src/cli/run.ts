import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config/read-settings.ts';
import { VERSION } from '../runtime/version.ts';
import { parseCommandLine } from './command-line.ts';
import { COMMANDS } from './commands.ts';
import { helpText } from './help.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Runs the command that a command line selects. Prints its problems if it is invalid.
 *
 * @param argv the arguments without the program's name
 */
export async function run(argv: readonly string[], env: Environment): Promise<void> {
  const { name, isNamed, ...given } = parseCommandLine(argv);
  if (given.flags['help'] !== undefined) {
    return print(process.stdout, [helpText(isNamed ? name : undefined)]);
  }
  if (given.flags['version'] !== undefined) return print(process.stdout, [VERSION]);
  try {
    await COMMANDS[name].run({ ...given, env });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(process.stderr, [...error.problems, 'See runs-gateway --help.']);
    process.exitCode = EXIT_CODE_USAGE;
  }
}
