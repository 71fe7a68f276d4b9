import process from 'node:process';
import { readConfigFile } from '../config/config-file.ts';
import { GATEWAY_FLAGS, GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { readSettings } from '../config/read-settings.ts';
import { throwIfAny } from '../errors/config-error.ts';
import { printClientSdl, printSubgraphSdl } from '../schema/index.ts';
import type { Invocation } from './commands.ts';

/** The settings of the schema. Other settings may be invalid or missing where a schema is printed. */
const { agents, readOnly } = GATEWAY_SETTINGS;

/** Prints the schema that a gateway with these settings serves, to clients or to routers. @throws ConfigError */
export async function printSchema(
  { flags, env, problems: ofLine }: Invocation,
  { subgraph, tag }: { subgraph: boolean; tag: string | undefined },
): Promise<void> {
  const gatewayFlags = readSettings(GATEWAY_FLAGS, { flags });
  const { file, problems: ofFile } = readConfigFile(gatewayFlags.values.config);
  const { values, problems } = readSettings({ agents, readOnly }, { flags, env, file });
  const missing = tag !== undefined && !subgraph ? ['--tag: expected --subgraph as well'] : [];
  throwIfAny([...ofLine, ...gatewayFlags.problems, ...missing, ...ofFile, ...problems]);
  process.stdout.write(subgraph ? printSubgraphSdl(values, tag) : printClientSdl(values));
}
