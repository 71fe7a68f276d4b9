import { parseArgs } from 'node:util';
import type { Flags } from '../config/read-settings.ts';
import { didYouMean } from '../config/suggest.ts';
import { COMMANDS, type KnownFlags, SHORT_FORMS } from './commands.ts';

const [, ...NAMES] = Object.keys(COMMANDS);
const NAMED = new Intl.ListFormat('en-GB', { type: 'disjunction' }).format(NAMES);

/**
 * Parses a command line into flags. A flag that is on or off means on if no value follows. A switch that
 * is present has an empty string as its value; of a repeated flag the last one wins. No defaults are
 * applied: an absent flag must not override the environment.
 */
export function parseArgv(
  argv: readonly string[],
  { withValue, onOff, switches }: KnownFlags,
): { flags: Flags; problems: readonly string[] } {
  const { tokens } = parseArgs({
    args: argv.map((argument, at) => (isBare(argument, argv[at + 1], onOff) ? `${argument}=on` : argument)),
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(withValue.map((name) => [name, option(name, 'string')])),
      ...Object.fromEntries(switches.map((name) => [name, option(name, 'boolean')])),
    },
  });
  const flags: Record<string, string> = {};
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      problems.push(
        `${token.value}: unexpected argument; expected a flag, or ${NAMED} as the first argument`,
      );
    } else if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      if (switches.includes(name)) flags[name] = '';
      else if (!withValue.includes(name)) {
        const known = [...withValue, ...switches].map((flag) => `--${flag}`);
        problems.push(`${rawName}: unknown flag; ${didYouMean(rawName, 'flags', known)}`);
      } else if (value === undefined || (!inlineValue && value.startsWith('--')))
        problems.push(`${rawName}: expected a value`);
      else flags[name] = value;
    }
  }
  return { flags, problems };
}

/** Whether an argument is a flag that means `on`, without a value behind it. */
function isBare(argument: string, following: string | undefined, onOff: readonly string[]): boolean {
  return onOff.some((name) => argument === `--${name}`) && (following?.startsWith('-') ?? true);
}

function option<T extends 'string' | 'boolean'>(name: string, type: T): { type: T; short?: string } {
  const short = SHORT_FORMS[name];
  return { type, ...(short !== undefined && { short }) };
}
