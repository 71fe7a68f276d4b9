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
    // What follows a switch without a value of its own, or an unknown flag, is its value.
    const owner = pending;
    pending = undefined;
    if (token.kind === 'positional' && owner !== undefined) flags[owner] = token.value;
    else if (token.kind === 'positional') {
      operands.push(token.value);
      if (command.takesOperands !== true) problems.push(`${token.value}: unexpected argument; ${EXPECTED}`);
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
