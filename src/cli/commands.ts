import { DEFAULT_CONFIG_FILE } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { onOff } from '../config/kinds.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-config.ts';
import { SCHEMA_FLAGS } from '../config/schema-config.ts';
import type { CommandLineFlag, SettingTable } from '../config/settings.ts';
import { TAIL_FLAGS, TAIL_SETTINGS } from '../config/tail-config.ts';

/** Settings and flags under one heading of the help. */
export interface Section {
  readonly heading: string;
  readonly introduction?: string;
  readonly settings: SettingTable;
  readonly flags: readonly CommandLineFlag[];
}

export const GATEWAY = {
  heading: 'Gateway settings',
  introduction: `Flags override environment variables, which override the config file, which overrides the defaults. The config file is ${DEFAULT_CONFIG_FILE} in the working directory, or the one given by --config.`,
  settings: GATEWAY_SETTINGS,
  flags: GATEWAY_FLAGS,
};
const RUNS_API = { heading: 'Embedded runs API settings', settings: RUNS_API_SETTINGS, flags: [] };
const TAIL = { heading: 'Settings', settings: TAIL_SETTINGS, flags: TAIL_FLAGS };
const DOCTOR = {
  heading: 'Flags',
  settings: {},
  flags: [{ flag: 'json', description: 'Prints the report as JSON.' }],
};
const CHECK = {
  heading: 'Flags',
  settings: {},
  flags: [
    { flag: 'print', description: 'Prints all settings, each with where its value comes from; no secrets.' },
  ],
};
const SCHEMA = {
  heading: 'Flags',
  settings: {},
  flags: SCHEMA_FLAGS,
};
export const COMMON = {
  heading: 'Common flags',
  settings: {},
  flags: [
    { flag: 'help', description: 'Prints this help; short form `-h`.' },
    { flag: 'version', description: 'Prints the version; short form `-v`.' },
  ],
};

export interface CommandEntry {
  readonly usage: string;
  readonly summary: string;
  /** What may follow the program's name. */
  readonly example: string;
  readonly takes: readonly Section[];
}

/** All commands. The first argument names them; `serve` needs no name. */
export const COMMANDS = {
  serve: {
    usage: '[serve] [flags]',
    summary: 'serve GraphQL at /graphql; without settings, over sample runs',
    example: '--upstream http://localhost:8283 --port 4000',
    takes: [GATEWAY, COMMON],
  },
  'runs-api': {
    usage: 'runs-api [flags]',
    summary: 'serve only the embedded runs API',
    example: 'runs-api --port 8283 --runs 5000 --db runs.db',
    takes: [RUNS_API, COMMON],
  },
  tail: {
    usage: 'tail [flags]',
    summary: 'print runs as they change, from a gateway that is running',
    example: 'tail --status FAILED -n 20',
    takes: [TAIL, COMMON],
  },
  doctor: {
    usage: 'doctor [flags]',
    summary:
      'examine the runs API that would be served, and say what is wrong with it; exits with 1 if anything is',
    example: 'doctor --upstream http://localhost:8283',
    takes: [GATEWAY, DOCTOR, COMMON],
  },
  config: {
    usage: 'config check [flags]',
    summary: 'check the configuration without serving; exits with 2 if anything is wrong with it',
    example: 'config check --print',
    takes: [GATEWAY, CHECK, COMMON],
  },
  schema: {
    usage: 'schema print [flags]',
    summary: 'print the schema that would be served, as AGENTS and READ_ONLY leave it',
    example: 'schema print --subgraph',
    takes: [GATEWAY, SCHEMA, COMMON],
  },
  documents: {
    usage: 'documents check FILE',
    summary: 'check a manifest of persisted documents; exits with 1 if anything is wrong with it',
    example: 'documents check persisted-documents.json',
    takes: [COMMON],
  },
} satisfies Record<string, CommandEntry>;

export type CommandName = keyof typeof COMMANDS;

/** Whether it is the name of a command. */
export function isCommand(name: string): name is CommandName {
  return Object.hasOwn(COMMANDS, name);
}

/** The one-letter forms of flags that have one. */
export const SHORT_FORMS: Readonly<Record<string, string>> = { help: 'h', version: 'v', last: 'n' };

/** The flags that one command accepts, without the dashes. */
export interface KnownFlags {
  readonly withValue: readonly string[];
  /** Those of `withValue` that mean `on` without one. */
  readonly onOff: readonly string[];
  /** Boolean flags, which take no value. */
  readonly switches: readonly string[];
}

/** Returns the flags that a command accepts. */
export function flagsOf(command: CommandName): KnownFlags {
  const takes: readonly Section[] = COMMANDS[command].takes;
  const settings = takes.flatMap((section) => Object.values(section.settings));
  const others = takes.flatMap((section) => section.flags);
  const { value = [], switch: switches = [] } = Object.groupBy(others, ({ placeholder }) =>
    placeholder === undefined ? 'switch' : 'value',
  );
  return {
    withValue: [...settings, ...value].flatMap(({ flag }) => flag ?? []),
    onOff: settings.flatMap(({ flag, kind }) => (kind === onOff && flag !== undefined ? [flag] : [])),
    switches: switches.map(({ flag }) => flag),
  };
}
