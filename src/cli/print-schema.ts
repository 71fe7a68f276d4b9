import process from 'node:process';
import { readGatewaySettings } from '../config/config.ts';
import { GATEWAY_SETTINGS } from '../config/gateway-settings.ts';
import { throwIfAny } from '../errors/config-error.ts';
import { printClientSdl, printSubgraphSdl } from '../schema/index.ts';
import type { Invocation } from './commands.ts';

/** The settings that the schema depends on. Where a schema is printed, others may be invalid or missing. */
const { agents, readOnly } = GATEWAY_SETTINGS;

/** Prints the schema that a gateway with these settings serves, to clients or to routers. @throws ConfigError */
export async function printSchema(
  invocation: Invocation,
  { subgraph, tag }: { subgraph: boolean; tag: string | undefined },
): Promise<void> {
  const { values, problems } = readGatewaySettings({ agents, readOnly }, invocation);
  const missing = tag !== undefined && !subgraph ? ['--tag: expected --subgraph as well'] : [];
  throwIfAny([...invocation.problems, ...missing, ...problems]);
  process.stdout.write(subgraph ? printSubgraphSdl(values, tag) : printClientSdl(values));
}
