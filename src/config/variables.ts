import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { Environment } from './read-settings.ts';
import type { Setting } from './settings.ts';
import { almost } from './suggest.ts';

const VARIABLES = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
const OF_UPSTREAM = VARIABLES.filter((name) => name.startsWith('LETTA_'));

/**
 * Finds the variables that nothing reads, though they look as if they were meant for the gateway.
 *
 * @returns a sentence about each: warnings of those that are nearly the name of a setting, and misspelt ones that may have
 *   been to name the upstream
 */
export function checkVariables(env: Environment) {
  const [warnings, misspelt]: [string[], string[]] = [[], []];
  for (const name of Object.keys(env)) {
    if (!env[name] || VARIABLES.includes(name)) continue;
    const meant = almost(name, VARIABLES);
    const advice =
      meant === undefined ? `expected one of ${OF_UPSTREAM.join(', ')}` : `did you mean ${meant}?`;
    const problem = `${name}: unknown variable; ${advice}`;
    if (meant !== undefined) warnings.push(problem);
    if (!name.startsWith('LETTA_') && !OF_UPSTREAM.includes(meant ?? '')) continue;
    misspelt.push(`${problem} (--sample-runs serves sample runs all the same)`);
  }
  return { warnings, misspelt };
}
