import { port } from './kinds.ts';
import type { Environment } from './read-settings.ts';
import type { SettingTable } from './settings.ts';
import { almost } from './suggest.ts';

/** What Kubernetes sets for a Service: `ADMIN_PORT=tcp://10.0.0.1:80` for one that is called `admin`. */
const SERVICE_LINK = /^(?:tcp|udp|sctp):\/\//;
const OF_SERVICE = /_(?:SERVICE_HOST|SERVICE_PORT(?:_\w+)?|PORT(?:_\d+_\w+)?)$/;

/** Variables of Letta's own servers and tools, which may be there for these. */
const OF_LETTA =
  /^LETTA_(?:PG|REDIS|SUMMARIZER|OTEL|UVICORN|LOG|DEFAULT|DISABLE|ENABLE|USE|SANDBOX|LOCAL|MCP|DB)_|^LETTA_(?:DIR|DEBUG|CONFIG_PATH|SERVER_PASS|SERVER_PASSWORD|ENVIRONMENT|VERSION|ENCRYPTION_KEY|AGENT_ID)$/;

/** What is strange about the variables, one sentence each. */
export interface CheckedVariables {
  /** Those that count. */
  readonly env: Environment;
  readonly warnings: readonly string[];
  /** About variables that were meant to name the upstream. */
  readonly misspelt: readonly string[];
}

/** Finds the variables that nothing reads, though they look as if they were meant for the gateway. */
export function checkVariables(env: Environment, table: SettingTable): CheckedVariables {
  const settings = new Map(Object.values(table).map((setting) => [setting.variable ?? '', setting]));
  const known = [...settings.keys()];
  const ofUpstream = known.filter((name) => name.startsWith('LETTA_'));
  const counting: Record<string, string> = {};
  const warnings: string[] = [];
  const misspelt: string[] = [];
  for (const [name, value = ''] of Object.entries(env)) {
    if (value === '') continue;
    if (settings.get(name)?.kind === port && SERVICE_LINK.test(value)) {
      warnings.push(
        `${name}: ignored, because Kubernetes has set it for a Service; set enableServiceLinks: false for the Pod`,
      );
      continue;
    }
    counting[name] = value;
    if (settings.has(name)) continue;
    const meant = almost(name, known);
    if (name.startsWith('LETTA_')) {
      if (OF_SERVICE.test(name)) continue;
      const advice =
        meant === undefined ? `expected one of ${ofUpstream.join(', ')}` : `did you mean ${meant}?`;
      (OF_LETTA.test(name) ? warnings : misspelt).push(`${name}: unknown variable; ${advice}`);
    } else if (name.endsWith('_FILE') && settings.has(name.slice(0, -5))) {
      warnings.push(`${name}: ignored, because only secrets are read from files; set ${name.slice(0, -5)}`);
    } else if (meant !== undefined) {
      const isOfUpstream = ofUpstream.includes(meant);
      (isOfUpstream ? misspelt : warnings).push(`${name}: unknown variable; did you mean ${meant}?`);
    }
  }
  return { env: counting, warnings, misspelt };
}
