import { DEFAULT_CONFIG_FILE } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { onOff } from '../config/kinds.ts';
import { RUNS_API_SETTINGS } from '../config/runs-api-config.ts';
import { SCHEMA_FLAGS } from '../config/schema-config.ts';
import type { CommandLineFlag, SettingTable } from '../config/settings.ts';
import { TAIL_FLAGS, TAIL_SETTINGS } from '../config/tail-config.ts';
import { WHY_FLAGS, WHY_SETTINGS } from '../config/why-config.ts';

/** Settings and flags under one heading of the help. */
export interface Section {
  readonly heading: string;
  readonly introduction?: string;
  readonly settings: SettingTable;
  readonly flags: readonly CommandLineFlag[];
}

const GATEWAY = {
  heading: 'Gateway settings',
  introduction: `Flags override environment variables, which override the config file, which overrides the defaults. The config file is ${DEFAULT_CONFIG_FILE} in the working directory, or the one given by --config.`,
  settings: GATEWAY_SETTINGS,
  flags: GATEWAY_FLAGS,
};
const RUNS_API = { heading: 'Embedded runs API settings', settings: RUNS_API_SETTINGS, flags: [] };
const TAIL = { heading: 'Settings of tail', settings: TAIL_SETTINGS, flags: TAIL_FLAGS };
const DOCTOR = {
  heading: 'Flags of doctor, besides the gateway settings',
  settings: {},
  flags: [{ flag: 'json', description: 'Prints the report as JSON.' }],
};
const WHY = { heading: 'Settings of why', settings: WHY_SETTINGS, flags: WHY_FLAGS };
const CHECK = {
  heading: 'Flags of config check, besides the gateway settings',
  settings: {},
  flags: [
    { flag: 'print', description: 'Prints all settings, each with where its value comes from; no secrets.' },
  ],
};
const SCHEMA = {
  heading: 'Flags of schema print, besides the gateway settings',
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

/** In the order of the help. */
export const SECTIONS: readonly Section[] = [GATEWAY, RUNS_API, TAIL, DOCTOR, WHY, CHECK, SCHEMA, COMMON];

/** All commands. But for `serve`, the first argument names them. */
export const COMMANDS = {
  serve: { usage: '[flags]', summary: 'serve GraphQL at /graphql', takes: [GATEWAY, COMMON] },
  'runs-api': {
    usage: 'runs-api [flags]',
    summary: 'serve only the embedded runs API',
    takes: [RUNS_API, COMMON],
  },
  tail: {
    usage: 'tail [flags]',
    summary: 'print runs as they change, from a gateway that is running',
    takes: [TAIL, COMMON],
  },
  doctor: {
    usage: 'doctor [flags]',
    summary:
      'examine the runs API that would be served, and say what is wrong with it; exits with 1 if anything is',
    takes: [GATEWAY, DOCTOR, COMMON],
  },
  why: {
    usage: 'why [REQUEST_ID] [flags]',
    summary:
      'say why a request was refused, failed or was slow, from the admin port of a gateway; without an id, the latest ones',
    takes: [WHY, COMMON],
  },
  config: {
    usage: 'config check [flags]',
    summary: 'check the configuration without serving; exits with 2 if anything is wrong with it',
    takes: [GATEWAY, CHECK, COMMON],
  },
  schema: {
    usage: 'schema print [flags]',
    summary: 'print the schema that would be served, as AGENTS and READ_ONLY leave it',
    takes: [GATEWAY, SCHEMA, COMMON],
  },
  documents: {
    usage: 'documents check FILE',
    summary: 'check a manifest of persisted documents; exits with 1 if anything is wrong with it',
    takes: [COMMON],
  },
} satisfies Record<string, { usage: string; summary: string; takes: readonly Section[] }>;

type CommandName = keyof typeof COMMANDS;

/** Whether it is the name of a command that has to be named. */
export function isCommand(name: string): name is Exclude<CommandName, 'serve'> {
  return name !== 'serve' && Object.hasOwn(COMMANDS, name);
}

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
