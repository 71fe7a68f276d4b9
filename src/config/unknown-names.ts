import type { Setting } from './define-settings.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { Environment } from './read-settings.ts';

const VARIABLES = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
const UPSTREAM_VARIABLES = VARIABLES.filter((name) => name.startsWith('LETTA_'));
/** Also in lower case, or with too few or too many Ts. */
const LIKE_UPSTREAM = /^LET+A/i;

/**
 * Finds the variables that nothing reads, though they look as if they were meant for the gateway.
 *
 * @returns sentences: `warnings` about variables that are the name of a setting in another form, and `misspelt` about
 *   variables by which an operator may have tried to set the upstream
 */
export function findUnknownVariables(env: Environment) {
  const [warnings, misspelt]: [string[], string[]] = [[], []];
  for (const name of Object.keys(env)) {
    if (!env[name] || VARIABLES.includes(name)) continue;
    const meant = closestName(name, VARIABLES);
    const advice =
      meant === undefined ? `expected one of ${UPSTREAM_VARIABLES.join(', ')}` : `did you mean ${meant}?`;
    const problem = `${name}: unknown variable; ${advice}`;
    if (meant !== undefined) warnings.push(problem);
    if (!LIKE_UPSTREAM.test(name)) continue;
    misspelt.push(`${problem} (or pass --sample-runs if sample runs are intended)`);
  }
  return { warnings, misspelt };
}

/** Returns a problem for each key that a table lacks. @param noun such as `option` */
export function unknownKeys(values: Readonly<Record<string, unknown>>, table: object, noun: string) {
  const known = Object.keys(table);
  const unknown = Object.keys(values).filter((key) => values[key] !== undefined && !known.includes(key));
  return unknown.map((key) => unknownName(key, noun, known));
}

/** Says that a name is unknown, and suggests the closest name, or lists all. @param noun such as `flag` */
export function unknownName(name: string, noun: string, names: readonly string[]): string {
  const meant = closestName(name, names);
  const advice = meant === undefined ? `known ${noun}s: ${names.join(', ')}` : `did you mean ${meant}?`;
  return `${name}: unknown ${noun}; ${advice}`;
}

/** Finds the name that differs in case, dashes and underscores alone. */
function closestName(name: string, names: readonly string[]): string | undefined {
  return names.find((other) => withoutCase(other) === withoutCase(name));
}

const withoutCase = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();
