import process from 'node:process';
import { readGatewayConfig } from '../config/config.ts';
import { type Environment, readSettings } from '../config/read-settings.ts';
import { ConfigError, throwIfAny } from '../errors/config-error.ts';
import { VERSION } from '../runtime/package-version.ts';
import { parseCommandLine } from './command-line.ts';
import { type Command, COMMANDS } from './commands.ts';
import { helpText } from './help.ts';
import { EXIT_CODE_USAGE, isInteractive, print } from './terminal.ts';

/**
 * Runs the command that a command line selects. Prints its problems if it is invalid.
 *
 * @param argv the arguments without the program's name
 */
export async function runCommand(argv: readonly string[], env: Environment): Promise<void> {
  const { name, isNamed, flags, operands, problems: ofLine } = parseCommandLine(argv);
  if (flags['help'] !== undefined) return print(process.stdout, [helpText(isNamed ? name : undefined)]);
  if (flags['version'] !== undefined) return print(process.stdout, [VERSION]);
  const command: Command = COMMANDS[name];
  const place = isInteractive() ? 'terminal' : 'service';
  const { values, problems: ofSettings } = readSettings(command.settings, { flags, env, place });
  const problems = [...ofLine, ...ofSettings];
  const readConfig = () => {
    const read = readGatewayConfig({ flags, env, place });
    return { ...read, problems: [...problems, ...read.problems] };
  };
  try {
    if (command.takesGateway !== true) throwIfAny(problems);
    await command.run({ values, flags, operands, env, problems, readConfig });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(process.stderr, [...error.problems, `See runs-gateway ${name} --help.`]);
    process.exitCode = EXIT_CODE_USAGE;
  }
}
