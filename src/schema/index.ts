import './scalars.ts';
import './agent-fields.ts';
import './details/run-details.ts';
import './query.ts';
import './mutation.ts';
import './subscription.ts';
import { type GraphQLSchema, printSchema } from 'graphql';
import { buildSubgraph, clientSchema } from './federation.ts';

const subgraph = buildSubgraph();

/** The schema that is served: the one for clients, with the fields that federation routers need. */
export const schema: GraphQLSchema = subgraph.schema;

/** Builds the schema that is served with `READ_ONLY`: the same without mutations. */
export function readOnlySchema(): GraphQLSchema {
  return buildSubgraph(true).schema;
}

/** Prints the schema for clients as SDL, in the order of its definitions. */
export function printClientSdl(): string {
  return `${printSchema(clientSchema())}\n`;
}

/** Prints the schema for routers as SDL, as `_service` returns it. */
export function printSubgraphSdl(): string {
  return subgraph.sdl;
}
