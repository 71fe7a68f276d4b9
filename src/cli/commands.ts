import { DEFAULT_CONFIG_FILE } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { readSettings } from '../config/read-settings.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-settings.ts';
import { off, text } from '../config/schemas.ts';
import { flags, type SettingTable } from '../config/settings.ts';
import { TAIL_SETTINGS } from '../config/tail-settings.ts';
import { gatewayConfigOf, type Invocation, settingsOf } from './invocation.ts';

export interface Command {
  readonly usage: string;
  readonly summary: string;
  /** What may follow the program's name. */
  readonly example: string;
  /** What its help says, besides the common flags. */
  readonly settings: SettingTable;
  /** Whether it takes the settings of `serve` as well. */
  readonly takesGateway?: true;
  /** Whether it takes arguments that are no flags. */
  readonly takesOperands?: true;
  /** Each command imports only what it needs. @throws ConfigError */
  readonly run: (given: Invocation) => Promise<void>;
}

const DOCTOR_FLAGS = flags({
  json: { ...off, description: 'Prints the report as JSON.' },
});

export const CHECK_FLAGS = flags({
  print: { ...off, description: 'Prints all settings, each with where its value comes from; no secrets.' },
});

export const SCHEMA_FLAGS = flags({
  subgraph: { ...off, description: 'Prints what routers compose, as `_service` returns it.' },
  tag: {
    ...text('NAME', 'a name of letters, digits, _, - and /', /^[A-Za-z_][\w/-]{0,127}$/),
    description: 'With --subgraph: `@tag(name: "NAME")` on all root fields and other types, for contracts.',
  },
});

export const COMMON_FLAGS = flags({
  help: { short: 'h', type: 'boolean', description: 'Prints this help; short form `-h`.' },
  version: { short: 'v', type: 'boolean', description: 'Prints the version; short form `-v`.' },
});

export const PRECEDENCE = `Flags override environment variables, which override the config file, which overrides the defaults. The config file is ${DEFAULT_CONFIG_FILE} in the working directory, or the one given by --config.`;

/** All commands, by the words that begin the command line; `serve` needs none. */
export const COMMANDS = {
  serve: {
    usage: '[serve] [flags]',
    summary: 'serve GraphQL at /graphql; without settings, over sample runs',
    example: '--upstream http://localhost:8283 --port 4000',
    settings: { ...GATEWAY_SETTINGS, ...GATEWAY_FLAGS },
    run: async (given) => (await import('./serve.ts')).serve(given),
  },
  'runs-api': {
    usage: 'runs-api [flags]',
    summary: 'serve only the embedded runs API',
    example: 'runs-api --port 8283 --runs 5000 --live',
    settings: RUNS_API_SETTINGS,
    run: async (given) =>
      (await import('./runs-api.ts')).serveRunsApi(settingsOf(RUNS_API_SETTINGS, { ...given, env: {} })),
  },
  tail: {
    usage: 'tail [flags]',
    summary: 'print runs as they change, from a gateway that is running',
    example: 'tail --status FAILED -n 20',
    settings: TAIL_SETTINGS,
    run: async (given) => (await import('./tail/tail.ts')).tail(settingsOf(TAIL_SETTINGS, given)),
  },
  doctor: {
    usage: 'doctor [flags]',
    summary:
      'examine the runs API that would be served, and say what is wrong with it; exits with 1 if anything is',
    example: 'doctor --upstream http://localhost:8283',
    settings: DOCTOR_FLAGS,
    takesGateway: true,
    async run(given) {
      const { values, problems } = readSettings(DOCTOR_FLAGS, given);
      const config = gatewayConfigOf({ ...given, problems: [...given.problems, ...problems] });
      await (await import('./doctor.ts')).doctor({ config, ...values });
    },
  },
  'check config': {
    usage: 'check config [flags]',
    summary: 'check the configuration without serving; exits with 2 if anything is wrong with it',
    example: 'check config --print',
    settings: CHECK_FLAGS,
    takesGateway: true,
    run: async (given) => (await import('./check-config.ts')).checkConfig(given),
  },
  'check documents': {
    usage: 'check documents FILE',
    summary: 'check a manifest of persisted documents; exits with 1 if anything is wrong with it',
    example: 'check documents persisted-documents.json',
    settings: {},
    takesOperands: true,
    run: async (given) => (await import('./check-documents.ts')).checkDocuments(given),
  },
  schema: {
    usage: 'schema [flags]',
    summary: 'print the schema that would be served, as AGENTS and READ_ONLY leave it',
    example: 'schema --subgraph',
    settings: SCHEMA_FLAGS,
    takesGateway: true,
    run: async (given) => (await import('./schema.ts')).printSchema(given),
  },
} satisfies Record<string, Command>;

export type CommandName = keyof typeof COMMANDS;

/** Other words for commands. */
export const ALIASES: Readonly<Record<string, CommandName>> = {
  check: 'check config',
  'config check': 'check config',
  'documents check': 'check documents',
  'schema print': 'schema',
};
