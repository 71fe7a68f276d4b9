import { ConfigError } from '../config/config-error.ts';
import { findConfigFile } from '../config/config-file.ts';
import { type Config, examineConfig, type ExaminedConfig } from '../config/config.ts';
import type { Environment, ReadText } from '../config/read-settings.ts';
import { type RunsApiConfig, readRunsApiConfig } from '../config/runs-api-config.ts';
import { readSchemaConfig, type SchemaConfig } from '../config/schema-config.ts';
import { readTailConfig, type TailConfig } from '../config/tail-config.ts';
import { parseArgv } from './argv.ts';
import { type CommandName, flagsOf, isCommand } from './commands.ts';

/** The command that a command line selects, with its settings. */
export type Command =
  | {
      readonly kind: 'serve';
      readonly config: Config;
      readonly warnings: readonly string[];
      /** Reads everything anew, but for flags and variables, which can't change. @throws ConfigError */
      readonly examineAgain: () => ExaminedConfig;
    }
  | ({ readonly kind: 'check-config'; readonly prints: boolean } & ExaminedConfig)
  | { readonly kind: 'runs-api'; readonly config: RunsApiConfig }
  | { readonly kind: 'tail'; readonly config: TailConfig }
  | { readonly kind: 'doctor'; readonly config: Config; readonly json: boolean }
  | { readonly kind: 'check-documents'; readonly file: string }
  | { readonly kind: 'print-schema'; readonly config: SchemaConfig }
  /** Without a name, of all commands. */
  | { readonly kind: 'help'; readonly command: CommandName | undefined }
  | { readonly kind: 'version' };

/** The second words of commands that have one. */
const VERBS: Readonly<Record<string, string>> = { config: 'check', schema: 'print' };

/**
 * Parses a command line. For `serve` and `doctor`, also reads the environment and the config file; for
 * `tail`, the environment.
 *
 * @param argv the arguments without the program's name
 * @throws ConfigError with all problems in flags, variables and the file
 */
export function parseCommand(argv: readonly string[], env: Environment, readText: ReadText): Command {
  const [first = ''] = argv;
  if (first === 'documents') return parseDocumentsCommand(argv.slice(1));
  const isNamed = isCommand(first);
  const name = isNamed ? first : 'serve';
  const given = isNamed ? argv.slice(1) : argv;
  const verb = VERBS[name];
  const hasVerb = verb !== undefined && given[0] === verb;
  const { flags, problems: argvProblems } = parseArgv(given.slice(hasVerb ? 1 : 0), flagsOf(name));
  if (flags['help'] !== undefined) return { kind: 'help', command: isNamed ? name : undefined };
  if (flags['version'] !== undefined) return { kind: 'version' };

  const problems = [
    ...argvProblems,
    ...(verb !== undefined && !hasVerb ? [`${name}: expected ${name} ${verb}`] : []),
  ];
  const command = collect(problems, (): Command => {
    if (name === 'runs-api') return { kind: name, config: readRunsApiConfig(flags) };
    if (name === 'tail') return { kind: name, config: readTailConfig(flags, env) };
    const findFile = () => findConfigFile(flags['config'], readText);
    const file = collect(problems, findFile);
    if (name === 'schema') return { kind: 'print-schema', config: readSchemaConfig(flags, env, file) };
    const examined = examineConfig(flags, env, file, readText);
    if (name === 'config') {
      const all = [...problems.splice(0), ...examined.problems];
      return { kind: 'check-config', ...examined, problems: all, prints: flags['print'] !== undefined };
    }
    problems.push(...examined.problems);
    const { config, warnings } = examined;
    return name === 'doctor'
      ? { kind: name, config, json: flags['json'] !== undefined }
      : {
          kind: 'serve',
          config,
          warnings,
          examineAgain: () => examineConfig(flags, env, findFile(), readText),
        };
  });
  if (command === undefined || problems.length > 0) throw new ConfigError(problems);
  return command;
}

/** @throws ConfigError for anything but `check FILE` */
function parseDocumentsCommand(argv: readonly string[]): Command {
  const given = argv.filter((argument) => argument.startsWith('-'));
  const { flags, problems } = parseArgv(given, flagsOf('documents'));
  if (flags['help'] !== undefined) return { kind: 'help', command: 'documents' };
  if (flags['version'] !== undefined) return { kind: 'version' };
  const [verb, file, ...rest] = argv.filter((argument) => !given.includes(argument));
  if (verb === 'check' && file !== undefined && rest.length === 0 && problems.length === 0) {
    return { kind: 'check-documents', file };
  }
  const expected = 'documents: expected check and the file of one manifest';
  const got = argv.length === 0 ? 'nothing' : JSON.stringify(argv.join(' '));
  throw new ConfigError([...problems, `${expected}, but got ${got}`]);
}

/** Runs a step and collects the problems of a ConfigError, so that all can be reported at once. */
function collect<T>(problems: string[], step: () => T): T | undefined {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    problems.push(...error.problems);
    return undefined;
  }
}
