import './scalars.ts';
import './agent-fields.ts';
import './details/run-details.ts';
import './query.ts';
import './mutation.ts';
import './subscription.ts';
import { type GraphQLSchema, printSchema } from 'graphql';
import { clientSchema, servedSchema, subgraphSdl } from './federation.ts';
import type { SchemaOptions } from './variants.ts';

/** The schema that is served: the one for clients, with the fields that federation routers need. */
export const schema: GraphQLSchema = servedSchema();

/** Returns the schema that is served with `READ_ONLY` or `AGENTS=stub`, which leave some of it out. */
export function schemaWith(options: SchemaOptions): GraphQLSchema {
  const isWhole = options.readOnly !== true && options.agents !== 'stub';
  return isWhole ? schema : servedSchema(options);
}

/** Prints the schema for clients as SDL, in the order of its definitions. @param options what is left out of it */
export function printClientSdl(options?: SchemaOptions): string {
  return `${printSchema(clientSchema(options))}\n`;
}

/**
 * Prints the schema for routers as SDL, as `_service` returns it.
 *
 * @param options what is left out of it
 * @param tag given to all of it, by `@tag`
 */
export function printSubgraphSdl(options?: SchemaOptions, tag?: string): string {
  return subgraphSdl(options, tag);
}
