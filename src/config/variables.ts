import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import type { Environment } from './read-settings.ts';
import type { Setting } from './settings.ts';
import { almost, removed } from './suggest.ts';

const VARIABLES = Object.values<Setting>(GATEWAY_SETTINGS).flatMap(({ variable }) => variable ?? []);
const OF_UPSTREAM = VARIABLES.filter((name) => name.startsWith('LETTA_'));

/** What Kubernetes sets for a Service: `ADMIN_PORT=tcp://10.0.0.1:80` for one that is called `admin`. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//;
const OF_SERVICE = /^LETTA_(?:.*_)?(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/;

/** Variables of Letta's own servers and tools, which may be there for these. */
const OF_LETTA =
  /^LETTA_(?:PG|REDIS|SUMMARIZER|OTEL|UVICORN|LOG|DEFAULT|DISABLE|ENABLE|USE|SANDBOX|LOCAL|MCP|DB)_|^LETTA_(?:DIR|DEBUG|CONFIG_PATH|SERVER_PASS|SERVER_PASSWORD|ENVIRONMENT|VERSION|ENCRYPTION_KEY|AGENT_ID)$/;

/**
 * Finds the variables that nothing reads, though they look as if they were meant for the gateway.
 *
 * @returns the variables that count, and a sentence about each of the others: problems if its setting is gone, misspelt
 *   if it was to name the upstream, and warnings
 */
export function checkVariables(variables: Environment) {
  const env: Record<string, string> = {};
  const found = { problems: [] as string[], warnings: [] as string[], misspelt: [] as string[] };
  for (const [name, value = ''] of Object.entries(variables)) {
    if (value === '') continue;
    if (['PORT', 'ADMIN_PORT'].includes(name) && SERVICE_LINK.test(value)) {
      found.warnings.push(
        `${name}: ignored, because Kubernetes has set it for a Service; set enableServiceLinks: false for the Pod`,
      );
      continue;
    }
    env[name] = value;
    if (VARIABLES.includes(name) || OF_SERVICE.test(name)) continue;
    const gone = removed(name);
    const meant = almost(name, VARIABLES);
    const isOfUpstream = name.startsWith('LETTA_') || OF_UPSTREAM.includes(meant ?? '');
    const advice =
      meant === undefined ? `expected one of ${OF_UPSTREAM.join(', ')}` : `did you mean ${meant}?`;
    const list = isOfUpstream && !OF_LETTA.test(name) ? found.misspelt : found.warnings;
    if (gone !== undefined) found.problems.push(gone);
    else if (isOfUpstream || meant !== undefined) list.push(`${name}: unknown variable; ${advice}`);
  }
  return { env, ...found };
}
