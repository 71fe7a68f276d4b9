import type { ReadGatewayConfig } from '../config/config.ts';
import { setting, type SettingTable, type Values, withFlags } from '../config/define-settings.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import type { Environment, Flags } from '../config/read-settings.ts';
import { off, text } from '../config/value-schemas.ts';
import { EMBEDDED_API_SETTINGS } from './embedded-api-settings.ts';
import { TAIL_SETTINGS } from './tail/settings.ts';
import { WATCH_SETTINGS } from './watch/settings.ts';

/** The parsed command line of a command. */
export interface Invocation<T extends SettingTable = SettingTable> {
  /** The values of the command's settings. */
  readonly values: Values<T>;
  readonly flags: Flags;
  /** The arguments that aren't flags. */
  readonly operands: readonly string[];
  readonly env: Environment;
  /** The problems of the command line and of the command's settings. */
  readonly problems: readonly string[];
  /** Reads the settings of the gateway. Its problems include `problems`. */
  readonly readConfig: () => ReadGatewayConfig;
}

export interface Command<T extends SettingTable = SettingTable> {
  readonly summary: string;
  /** Arguments, to be shown after the program's name. */
  readonly example: string;
  /** The settings that only this command has. */
  readonly settings: T;
  /** Whether it has the settings of the gateway too, and reports all problems itself. */
  readonly takesGateway?: true;
  /** The placeholder of its operand in `--help`, if it has one. */
  readonly operands?: string;
  /** Each command imports only what it needs. @throws ConfigError */
  run(invocation: Invocation<T>): Promise<void>;
}

const command = <const T extends SettingTable>(row: Command<T>): Command<T> => ({
  ...row,
  settings: withFlags(row.settings),
});

export const COMMON_FLAGS = withFlags({
  help: setting({ short: 'h', type: 'boolean' }, 'Prints this help.'),
  version: setting({ short: 'v', type: 'boolean' }, 'Prints the version.'),
});

/** All commands, by the words that begin the command line; without any, it is `serve`. */
export const COMMANDS = {
  serve: command({
    summary: 'serve GraphQL at /graphql (the default command), with sample runs if no upstream is set',
    example: '--upstream http://localhost:8283 --port 4000',
    settings: {},
    takesGateway: true,
    run: async (invocation) => (await import('./serve.ts')).serve(invocation),
  }),
  'runs-api': command({
    summary: 'serve only the embedded runs API',
    example: 'runs-api --port 8283 --runs 5000 --live',
    settings: EMBEDDED_API_SETTINGS,
    run: async ({ values }) => (await import('./serve-embedded-api.ts')).serveEmbeddedApi(values),
  }),
  tail: command({
    summary: 'print runs as they change, from a running gateway',
    example: 'tail --status FAILED -n 20',
    settings: TAIL_SETTINGS,
    run: async ({ values }) => (await import('./tail/tail.ts')).tail(values),
  }),
  mcp: command({
    summary: 'serve AI agents by MCP over standard input and output, without listening',
    example: 'mcp --upstream http://localhost:8283',
    settings: {},
    takesGateway: true,
    run: async (invocation) => (await import('./mcp.ts')).mcp(invocation),
  }),
  watch: command({
    summary: 'send alerts about runs that fail or hang, and approvals that wait, from a running gateway',
    example: 'watch --failed --stuck 15m --webhook https://hooks.example.com/runs --state watch.json',
    settings: WATCH_SETTINGS,
    run: async ({ values, env }) => (await import('./watch/watch.ts')).watch(values, env),
  }),
  doctor: command({
    summary: 'examine the runs API, and say what is wrong with it; exits with 1 if there is a problem',
    example: 'doctor --upstream http://localhost:8283',
    settings: { json: setting(off, 'Prints the report as JSON.') },
    takesGateway: true,
    run: async ({ readConfig, values }) => (await import('./doctor.ts')).doctor(readConfig(), values),
  }),
  'check config': command({
    summary: 'check the configuration without serving; exits with 2 if there is a problem',
    example: 'check config --print',
    settings: {
      print: setting(off, 'Prints the value and the source of each setting, without secrets.'),
    },
    takesGateway: true,
    run: async ({ readConfig, values }) =>
      (await import('./check-config.ts')).checkConfig(readConfig(), values),
  }),
  'check documents': command({
    summary: 'check a manifest of persisted documents; exits with 1 if there is a problem',
    example: 'check documents persisted-documents.json',
    settings: {},
    operands: 'FILE',
    run: async ({ operands }) => (await import('./check-documents.ts')).checkDocuments(operands),
  }),
  schema: command({
    summary: 'print the GraphQL schema that is served with these settings',
    example: 'schema --subgraph',
    settings: {
      subgraph: setting(off, 'Prints the schema of the subgraph, as `_service` returns it to routers.'),
      tag: setting(
        text('NAME', 'a name of letters, digits, _, - and /', /^[A-Za-z_][\w/-]{0,127}$/),
        'With --subgraph: puts `@tag(name: "NAME")` on all root fields and other types, for contracts.',
      ),
    },
    takesGateway: true,
    run: async (invocation) => (await import('./print-schema.ts')).printSchema(invocation, invocation.values),
  }),
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

/** All settings that a command takes by flags. */
export function allSettings({ settings, takesGateway }: Command): SettingTable {
  return { ...(takesGateway && { ...GATEWAY_SETTINGS, ...GATEWAY_FLAGS }), ...settings, ...COMMON_FLAGS };
}
