import './scalars.ts';
import './agent-fields.ts';
import './query.ts';
import { type GraphQLSchema, lexicographicSortSchema, printSchema } from 'graphql';
import { builder } from './builder.ts';
import { buildSubgraph } from './federation.ts';

const subgraph = buildSubgraph();

/** What is served: the schema that clients see, with the fields that routers need. */
export const schema: GraphQLSchema = subgraph.schema;

/** The schema for clients as text, sorted, so that a diff shows nothing but what has changed. */
export function printClientSdl(): string {
  return `${printSchema(lexicographicSortSchema(builder.toSchema()))}\n`;
}

/** The schema for routers as text, as `_service` tells it. */
export function printSubgraphSdl(): string {
  return subgraph.sdl;
}
