import './scalars.ts';
import './agent-fields.ts';
import './details/run-details.ts';
import './query.ts';
import './mutation.ts';
import './subscription.ts';
import { type GraphQLSchema, printSchema } from 'graphql';
import { buildSubgraph, clientSchema } from './federation.ts';
import type { SchemaOptions } from './variants.ts';

const subgraph = buildSubgraph();

/** The schema that is served: the one for clients, with the fields that federation routers need. */
export const schema: GraphQLSchema = subgraph.schema;

/** Returns the schema that is served with `READ_ONLY` or `AGENTS=stub`, which leave some of it out. */
export function schemaWith(options: SchemaOptions): GraphQLSchema {
  const isWhole = options.readOnly !== true && options.agents !== 'stub';
  return isWhole ? schema : buildSubgraph(options).schema;
}

/** Prints the schema for clients as SDL, in the order of its definitions. */
export function printClientSdl(): string {
  return `${printSchema(clientSchema())}\n`;
}

/** Prints the schema for routers as SDL, as `_service` returns it. @param options what is left out of it */
export function printSubgraphSdl(options?: SchemaOptions): string {
  return options === undefined ? subgraph.sdl : buildSubgraph(options).sdl;
}
