import { parseArgs } from 'node:util';
import { unknownName } from '../config/unknown-names.ts';
import { allSettings, type Command, type CommandName, COMMANDS, COMMON_FLAGS } from './commands.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
const NAMES = Object.keys(COMMANDS) as readonly CommandName[];
const NAMES_BY_WORDS = new Map<string, CommandName>([
  ...NAMES.map((name) => [name, name] as const),
  ['check', 'check config'],
]);
const ALL_NAMES = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(NAMES);

/**
 * Parses a command line into texts, which the settings of the command check.
 *
 * @param argv the arguments without the program's name
 * @returns `isNamed` says whether the command line has the name of a command
 */
export function parseCommandLine(argv: readonly string[]) {
  for (const words of [2, 1]) {
    const name = NAMES_BY_WORDS.get(argv.slice(0, words).join(' '));
    if (name !== undefined) return { name, isNamed: true, ...parseFlags(argv.slice(words), COMMANDS[name]) };
  }
  return { name: 'serve' as const, isNamed: false, ...parseFlags(argv, COMMANDS.serve) };
}

/**
 * Parses arguments into flags. A switch without a value is on; of a repeated flag the last counts. No defaults are
 * applied: an absent flag must not override the environment.
 */
function parseFlags(argv: readonly string[], command: Command) {
  const options: Record<string, { type: 'boolean' | 'string'; short?: string }> = {};
  for (const { flag, short, type } of Object.values(allSettings(command))) {
    if (flag === undefined) continue;
    options[flag] = { type: type === 'boolean' ? type : 'string', ...(short && { short }) };
  }
  const { tokens } = parseArgs({ args: [...argv], strict: false, tokens: true, options });
  const flags: Record<string, string> = {};
  const operands: string[] = [];
  const problems: string[] = [];
  let openFlag: string | undefined;
  for (const token of tokens) {
    // A positional after a switch, as in `--live off`, or after an unknown flag is the value of that flag.
    const flag = openFlag;
    openFlag = undefined;
    if (token.kind === 'positional' && flag !== undefined) flags[flag] = token.value;
    else if (token.kind === 'positional') {
      operands.push(token.value);
      if (command.operands === undefined)
        problems.push(`${token.value}: unexpected argument; expected a flag, or ${ALL_NAMES} first`);
    } else if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
      if (type !== 'string' && value === undefined && !Object.hasOwn(COMMON_FLAGS, name)) openFlag = name;
      if (type === undefined) {
        const all = Object.keys(options).map((each) => `--${each}`);
        problems.push(unknownName(rawName, 'flag', all));
      } else if (type === 'string' && (value === undefined || (!inlineValue && value.startsWith('--')))) {
        problems.push(`${rawName}: expected a value`);
      } else flags[name] = value ?? 'on';
    }
  }
  return { flags, operands, problems };
}
