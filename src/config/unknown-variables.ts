import type { Setting } from './define-settings.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { Environment } from './read-settings.ts';
import { closestName } from './suggest.ts';

const VARIABLES = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
const UPSTREAM_VARIABLES = VARIABLES.filter((name) => name.startsWith('LETTA_'));

/**
 * Finds the variables that nothing reads, though they look as if they were meant for the gateway.
 *
 * @returns sentences: `warnings` about variables that are nearly the name of a setting, and `misspelt` about variables
 *   by which an operator may have tried to set the upstream
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
    if (!name.startsWith('LETTA_') && !UPSTREAM_VARIABLES.includes(meant ?? '')) continue;
    misspelt.push(`${problem} (or pass --sample-runs if sample runs are intended)`);
  }
  return { warnings, misspelt };
}
