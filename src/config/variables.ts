import type { Environment } from './read-settings.ts';
import { port } from './schemas.ts';
import type { SettingTable } from './settings.ts';
import { almost, removed } from './suggest.ts';

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
export function checkVariables(env: Environment, table: SettingTable) {
  const settings = new Map(Object.values(table).map((setting) => [setting.variable ?? '', setting]));
  const known = [...settings.keys()];
  const ofUpstream = known.filter((name) => name.startsWith('LETTA_'));
  const counting: Record<string, string> = {};
  const found = { problems: [] as string[], warnings: [] as string[], misspelt: [] as string[] };
  for (const [name, value = ''] of Object.entries(env)) {
    if (value === '') continue;
    if (settings.get(name)?.placeholder === port.placeholder && SERVICE_LINK.test(value)) {
      found.warnings.push(
        `${name}: ignored, because Kubernetes has set it for a Service; set enableServiceLinks: false for the Pod`,
      );
      continue;
    }
    counting[name] = value;
    if (settings.has(name) || OF_SERVICE.test(name)) continue;
    const instead = removed(name);
    const meant = almost(name, known);
    const base = name.replace(/_FILE$/, '');
    const isOfUpstream = name.startsWith('LETTA_') || ofUpstream.includes(meant ?? '');
    const list = isOfUpstream && !OF_LETTA.test(name) ? found.misspelt : found.warnings;
    if (instead !== undefined) found.problems.push(`${name} is gone: ${instead}`);
    else if (settings.has(base)) {
      list.push(`${name}: ignored, because only secrets are read from files; set ${base}`);
    } else if (meant !== undefined) list.push(`${name}: unknown variable; did you mean ${meant}?`);
    else if (isOfUpstream) list.push(`${name}: unknown variable; expected one of ${ofUpstream.join(', ')}`);
  }
  return { env: counting, ...found };
}
