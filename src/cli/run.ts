import process from 'node:process';
import { ConfigError } from '../config/config-error.ts';
import type { Environment } from '../config/read-settings.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { VERSION } from '../runtime/version.ts';
import { type Command, parseCommand } from './command.ts';
import { helpText } from './help.ts';
import { EXIT_CODE_USAGE, print } from './terminal.ts';

/**
 * Runs the command that a command line selects. Prints its problems if it is invalid.
 *
 * @param argv the arguments without the program's name
 */
export async function run(argv: readonly string[], env: Environment): Promise<void> {
  try {
    await execute(parseCommand(argv, env, readTextFile));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    print(process.stderr, [...error.problems, 'See runs-gateway --help.']);
    process.exitCode = EXIT_CODE_USAGE;
  }
}

/** Each command imports only what it needs. */
async function execute(command: Command): Promise<void> {
  switch (command.kind) {
    case 'serve':
      return (await import('./serve.ts')).serve(command);
    case 'runs-api':
      return (await import('./serve-runs-api.ts')).serveRunsApi(command.config);
    case 'tail':
      return (await import('./tail/tail.ts')).tail(command.config);
    case 'doctor':
      return (await import('./doctor.ts')).doctor(command);
    case 'check-config':
      return (await import('./check-config.ts')).checkConfig(command);
    case 'check-documents':
      return (await import('./check-documents.ts')).checkDocuments(command.file);
    case 'print-schema':
      return (await import('./print-schema.ts')).printSchema(command.config);
    case 'help':
      return print(process.stdout, [helpText(command.command).trimEnd()]);
    case 'version':
      return print(process.stdout, [VERSION]);
  }
}
