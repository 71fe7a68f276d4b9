import { parseArgs } from 'node:util';
import type { Flags } from '../config/read-settings.ts';
import type { SettingTable } from '../config/settings.ts';
import { unknown } from '../config/suggest.ts';
import { ALIASES, type Command, type CommandName, COMMANDS, COMMON_FLAGS } from './commands.ts';

/** A command line, of which no value has been read yet. */
export interface CommandLine {
  readonly name: CommandName;
  /** Whether the command line says which command it is. */
  readonly isNamed: boolean;
  readonly flags: Flags;
  readonly operands: readonly string[];
  readonly problems: readonly string[];
}

const [, ...OTHERS] = Object.keys(COMMANDS);
const EXPECTED = `expected a flag, or ${new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(OTHERS)} first`;

/** @param argv the arguments without the program's name */
export function parseCommandLine(argv: readonly string[]): CommandLine {
  for (const words of [2, 1]) {
    const name = commandOf(argv.slice(0, words).join(' '));
    if (name !== undefined) return { name, isNamed: true, ...parseFlags(argv.slice(words), COMMANDS[name]) };
  }
  return { name: 'serve', isNamed: false, ...parseFlags(argv, COMMANDS.serve) };
}

function commandOf(words: string): CommandName | undefined {
  if (isName(words)) return words;
  return Object.hasOwn(ALIASES, words) ? ALIASES[words] : undefined;
}

function isName(words: string): words is CommandName {
  return Object.hasOwn(COMMANDS, words);
}

/** All settings that a command takes by flags. */
export function allSettings({ settings, takesGateway }: Command): SettingTable {
  return { ...(takesGateway === true && COMMANDS.serve.settings), ...settings, ...COMMON_FLAGS };
}

/**
 * Parses a command line into flags. One that is on or off is on if no value follows; of a repeated one the last
 * counts. No defaults are applied: an absent flag must not override the environment.
 */
function parseFlags(argv: readonly string[], command: Command) {
  const settings = Object.values(allSettings(command)).flatMap(({ flag, short, type }) =>
    flag === undefined ? [] : { flag, isSwitch: type === 'boolean', ...(short && { short }) },
  );
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: Object.fromEntries(
      settings.map(({ flag, isSwitch, ...short }) => [
        flag,
        { type: isSwitch ? 'boolean' : 'string', ...short } as const,
      ]),
    ),
  });
  const flags: Record<string, string> = {};
  const operands: string[] = [];
  const problems: string[] = [];
  for (let at = 0; at < tokens.length; at++) {
    const token = tokens[at];
    if (token?.kind === 'positional') {
      operands.push(token.value);
      if (command.takesOperands !== true) problems.push(`${token.value}: unexpected argument; ${EXPECTED}`);
    }
    if (token?.kind !== 'option') continue;
    const { name, rawName, inlineValue } = token;
    const setting = settings.find(({ flag }) => flag === name);
    let { value } = token;
    const following = tokens[at + 1];
    // What follows a flag of the parser's type "boolean" is its value, except for these two.
    if (value === undefined && setting?.isSwitch !== false && !Object.hasOwn(COMMON_FLAGS, name)) {
      if (following?.kind === 'positional') at++;
      value = following?.kind === 'positional' ? following.value : 'on';
    }
    if (setting === undefined) {
      problems.push(
        unknown(
          rawName,
          'flag',
          settings.map(({ flag }) => `--${flag}`),
        ),
      );
    } else if (!setting.isSwitch && (value === undefined || (inlineValue !== true && value.startsWith('--'))))
      problems.push(`${rawName}: expected a value`);
    else flags[name] = value ?? '';
  }
  return { flags, operands, problems };
}
