import { GraphQLSchema } from 'graphql';

/** Returns the same schema with its types in the order of a traversal from the query type. */
export function fromQuery(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const reached = Object.values(new GraphQLSchema({ ...config, types: [] }).getTypeMap());
  return new GraphQLSchema({ ...config, types: [...new Set([...reached, ...config.types])] });
}
