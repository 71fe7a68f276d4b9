import './scalars.ts';
import './agent-fields.ts';
import './query.ts';
import { type GraphQLSchema, printSchema } from 'graphql';
import { buildSubgraph, clientSchema } from './federation.ts';

const subgraph = buildSubgraph();

/** What is served: the schema that clients see, with the fields that routers need. */
export const schema: GraphQLSchema = subgraph.schema;

/** The schema for clients as text, in the order in which its types are written. */
export function printClientSdl(): string {
  return `${printSchema(clientSchema())}\n`;
}

/** The schema for routers as text, as `_service` tells it. */
export function printSubgraphSdl(): string {
  return subgraph.sdl;
}
