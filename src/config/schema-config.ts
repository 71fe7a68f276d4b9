import { ConfigError } from './config-error.ts';
import { type ConfigFile, parseConfigFile } from './config-file.ts';
import { GATEWAY_SETTINGS } from './gateway-settings.ts';
import { type Environment, type Flags, readValid } from './read-settings.ts';
import type { CommandLineFlag } from './settings.ts';

export const SCHEMA_FLAGS = [
  { flag: 'subgraph', description: 'Prints what routers compose, as `_service` returns it.' },
  {
    flag: 'tag',
    placeholder: 'NAME',
    description: 'With --subgraph: `@tag(name: "NAME")` on all root fields and other types, for contracts.',
  },
] as const satisfies readonly CommandLineFlag[];

export interface SchemaConfig {
  readonly agents: 'full' | 'stub' | undefined;
  readonly readOnly: boolean;
  readonly subgraph: boolean;
  readonly tag: string | undefined;
}

/** The names that composition accepts. */
const TAG = /^[A-Za-z_][\w/-]{0,127}$/;

/** Reads what decides about the schema. @throws ConfigError with all problems */
export function readSchemaConfig(flags: Flags, env: Environment, configFile?: ConfigFile): SchemaConfig {
  const { subgraph, tag } = flags;
  if (tag !== undefined && (subgraph === undefined || !TAG.test(tag))) {
    throw new ConfigError(['--tag: expected --subgraph, and a name of letters, digits, _, - and /']);
  }
  const file = configFile && parseConfigFile(configFile, GATEWAY_SETTINGS).file;
  const { agents, readOnly } = GATEWAY_SETTINGS;
  const values = readValid({ agents, readOnly }, { flags, env, file });
  return { ...values, subgraph: subgraph !== undefined, tag };
}
