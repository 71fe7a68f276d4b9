import process from 'node:process';
import { readConfigFile } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { readSettings } from '../config/read-settings.ts';
import { readTextFile } from '../config/read-text-file.ts';
import { printClientSdl, printSubgraphSdl } from '../schema/index.ts';
import { SCHEMA_FLAGS } from './commands.ts';
import { type Invocation, throwIfAny } from './invocation.ts';

/** The settings that decide about the schema. Others may be wrong, or missing, where it is built. */
const { agents, readOnly } = GATEWAY_SETTINGS;

/** Prints the schema that a gateway with these settings serves, to clients or to routers. @throws ConfigError */
export function printSchema({ flags, env, problems }: Invocation): void {
  const own = readSettings({ ...GATEWAY_FLAGS, ...SCHEMA_FLAGS }, { flags });
  const { config, subgraph, tag } = own.values;
  const read = readConfigFile(config, GATEWAY_SETTINGS, readTextFile);
  const { values, problems: others } = readSettings({ agents, readOnly }, { flags, env, file: read.file });
  const missing = tag !== undefined && !subgraph ? ['--tag: expected --subgraph as well'] : [];
  throwIfAny([...problems, ...own.problems, ...missing, ...read.problems, ...others]);
  process.stdout.write(subgraph ? printSubgraphSdl(values, tag) : printClientSdl(values));
}
