import { parseArgs } from 'node:util';
import { unknown } from '../config/suggest.ts';
import { allSettings, type Command, type CommandName, COMMANDS, COMMON_FLAGS } from './commands.ts';

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The keys of the table.
const NAMES = Object.keys(COMMANDS) as readonly CommandName[];
const BY_WORDS = new Map<string, CommandName>([
  ...NAMES.map((name) => [name, name] as const),
  ['check', 'check config'],
]);
const OTHERS = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(NAMES.slice(1));

/**
 * Parses a command line, of which no value is read yet.
 *
 * @param argv the arguments without the program's name
 * @returns also whether it says which command it is
 */
export function parseCommandLine(argv: readonly string[]) {
  for (const words of [2, 1]) {
    const name = BY_WORDS.get(argv.slice(0, words).join(' '));
    if (name !== undefined) return { name, isNamed: true, ...parseFlags(argv.slice(words), COMMANDS[name]) };
  }
  return { name: 'serve' as const, isNamed: false, ...parseFlags(argv, COMMANDS.serve) };
}

/**
 * Parses a command line into flags. One that is on or off is on if no value follows; of a repeated one the last
 * counts. No defaults are applied: an absent flag must not override the environment.
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
  let pending: string | undefined;
  for (const token of tokens) {
    // A positional after a switch, as in `--live off`, or after an unknown flag is the value of that flag.
    const owner = pending;
    pending = undefined;
    if (token.kind === 'positional' && owner !== undefined) flags[owner] = token.value;
    else if (token.kind === 'positional') {
      operands.push(token.value);
      if (command.operands === undefined)
        problems.push(`${token.value}: unexpected argument; expected a flag, or ${OTHERS} first`);
    } else if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      const type = Object.hasOwn(options, name) ? options[name]?.type : undefined;
      if (type !== 'string' && value === undefined && !Object.hasOwn(COMMON_FLAGS, name)) pending = name;
      if (type === undefined) {
        const known = Object.keys(options).map((flag) => `--${flag}`);
        problems.push(unknown(rawName, 'flag', known));
      } else if (type === 'string' && (value === undefined || (!inlineValue && value.startsWith('--')))) {
        problems.push(`${rawName}: expected a value`);
      } else flags[name] = value ?? 'on';
    }
  }
  return { flags, operands, problems };
}
