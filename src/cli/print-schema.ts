import process from 'node:process';
import type { SchemaConfig } from '../config/schema-config.ts';
import { printClientSdl, printSubgraphSdl } from '../schema/index.ts';

/** Prints the schema that a gateway with these settings serves, to clients or to routers. */
export function printSchema({ subgraph, tag, ...options }: SchemaConfig): void {
  process.stdout.write(subgraph ? printSubgraphSdl(options, tag) : printClientSdl(options));
}
