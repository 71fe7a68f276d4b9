import { parseArgs } from 'node:util';
import type { Flags } from '../config/read-settings.ts';

/** The flags of one command, without the dashes. */
export interface KnownFlags {
  readonly withValue: readonly string[];
  /** Said or not, without a value. */
  readonly switches: readonly string[];
}

/** Of switches that have one. */
const SHORT_FORMS: Readonly<Record<string, string>> = { help: 'h', version: 'v' };

/**
 * Splits a command line into flags; switches that were given are empty texts. The last of several
 * equal flags counts. There are no defaults here: a flag that isn't given must leave the word to
 * the environment.
 */
export function parseArgv(
  argv: readonly string[],
  { withValue, switches }: KnownFlags,
): { flags: Flags; problems: readonly string[] } {
  const { tokens } = parseArgs({
    args: [...argv],
    strict: false,
    tokens: true,
    options: {
      ...Object.fromEntries(withValue.map((name) => [name, { type: 'string' } as const])),
      ...Object.fromEntries(switches.map((name) => [name, switchOption(name)])),
    },
  });
  const flags: Record<string, string> = {};
  const problems: string[] = [];
  for (const token of tokens) {
    if (token.kind === 'positional') {
      problems.push(`${token.value}: expected a flag, or runs-api as the first word`);
    } else if (token.kind === 'option') {
      const { name, rawName, value, inlineValue } = token;
      if (switches.includes(name)) flags[name] = '';
      else if (!withValue.includes(name)) {
        const known = [...withValue, ...switches].map((flag) => `--${flag}`).join(', ');
        problems.push(`${rawName}: unknown; known flags: ${known}`);
      } else if (value === undefined || (!inlineValue && value.startsWith('--')))
        problems.push(`${rawName}: expected a value behind it`);
      else flags[name] = value;
    }
  }
  return { flags, problems };
}

function switchOption(name: string): { type: 'boolean'; short?: string } {
  const short = SHORT_FORMS[name];
  return { type: 'boolean', ...(short !== undefined && { short }) };
}
