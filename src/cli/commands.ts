import type { ExaminedConfig } from '../config/config.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import type { Environment, Flags } from '../config/read-settings.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-settings.ts';
import { off, text } from '../config/schemas.ts';
import { flags, setting, type SettingTable, type Values } from '../config/settings.ts';
import { TAIL_SETTINGS } from '../config/tail-settings.ts';

/** What a command is to go by. */
export interface Invocation<T extends SettingTable = SettingTable> {
  /** The values of the command's settings. */
  readonly values: Values<T>;
  readonly flags: Flags;
  /** The arguments that are no flags. */
  readonly operands: readonly string[];
  readonly env: Environment;
  /** What is wrong with the command line and with the command's settings. */
  readonly problems: readonly string[];
  /** Reads the settings of the gateway. Its problems include `problems`. */
  readonly examine: () => ExaminedConfig;
}

export interface Command<T extends SettingTable = SettingTable> {
  readonly summary: string;
  /** What may follow the program's name. */
  readonly example: string;
  /** The settings that only this command has. */
  readonly settings: T;
  /** Whether it takes the settings of the gateway, and reports all problems itself. */
  readonly takesGateway?: true;
  /** What it takes besides flags. */
  readonly operands?: string;
  /** Each command imports only what it needs. @throws ConfigError */
  run(invocation: Invocation<T>): Promise<void>;
}

const command = <const T extends SettingTable>(row: Command<T>): Command<T> => ({
  ...row,
  settings: flags(row.settings),
});

export const COMMON_FLAGS = flags({
  help: setting({ short: 'h', type: 'boolean' }, 'Prints this help.'),
  version: setting({ short: 'v', type: 'boolean' }, 'Prints the version.'),
});

/** All commands, by the words that begin the command line; `serve` needs none. */
export const COMMANDS = {
  serve: command({
    summary: 'serve GraphQL at /graphql, also without a command; over sample runs if nothing is set',
    example: '--upstream http://localhost:8283 --port 4000',
    settings: {},
    takesGateway: true,
    run: async (invocation) => (await import('./serve.ts')).serve(invocation),
  }),
  'runs-api': command({
    summary: 'serve only the embedded runs API',
    example: 'runs-api --port 8283 --runs 5000 --live',
    settings: RUNS_API_SETTINGS,
    run: async ({ values }) => (await import('./runs-api.ts')).serveRunsApi(values),
  }),
  tail: command({
    summary: 'print runs as they change, from a gateway that is running',
    example: 'tail --status FAILED -n 20',
    settings: TAIL_SETTINGS,
    run: async ({ values }) => (await import('./tail/tail.ts')).tail(values),
  }),
  doctor: command({
    summary:
      'examine the runs API that would be served, and say what is wrong with it; exits with 1 if anything is',
    example: 'doctor --upstream http://localhost:8283',
    settings: { json: setting(off, 'Prints the report as JSON.') },
    takesGateway: true,
    run: async ({ examine, values }) => (await import('./doctor.ts')).doctor(examine(), values),
  }),
  'check config': command({
    summary: 'check the configuration without serving; exits with 2 if anything is wrong with it',
    example: 'check config --print',
    settings: {
      print: setting(off, 'Prints all settings, each with where its value comes from; no secrets.'),
    },
    takesGateway: true,
    run: async ({ examine, values }) => (await import('./check-config.ts')).checkConfig(examine(), values),
  }),
  'check documents': command({
    summary: 'check a manifest of persisted documents; exits with 1 if anything is wrong with it',
    example: 'check documents persisted-documents.json',
    settings: {},
    operands: 'FILE',
    run: async ({ operands }) => (await import('./check-documents.ts')).checkDocuments(operands),
  }),
  schema: command({
    summary: 'print the schema that would be served, as AGENTS and READ_ONLY leave it',
    example: 'schema --subgraph',
    settings: {
      subgraph: { ...off, description: 'Prints what routers compose, as `_service` returns it.' },
      tag: {
        ...text('NAME', 'a name of letters, digits, _, - and /', /^[A-Za-z_][\w/-]{0,127}$/),
        description:
          'With --subgraph: `@tag(name: "NAME")` on all root fields and other types, for contracts.',
      },
    },
    takesGateway: true,
    run: async (invocation) => (await import('./schema.ts')).printSchema(invocation, invocation.values),
  }),
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

/** All settings that a command takes by flags. */
export function allSettings({ settings, takesGateway }: Command): SettingTable {
  return { ...(takesGateway && { ...GATEWAY_SETTINGS, ...GATEWAY_FLAGS }), ...settings, ...COMMON_FLAGS };
}
