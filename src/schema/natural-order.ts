import { GraphQLSchema, isSpecifiedScalarType } from 'graphql';

/** Returns the same schema with its types in the order of a traversal from the query type, without scalars that nothing uses. */
export function fromQuery(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const reached = Object.values(new GraphQLSchema({ ...config, types: [] }).getTypeMap());
  const others = config.types.filter((type) => !isSpecifiedScalarType(type));
  return new GraphQLSchema({ ...config, types: [...new Set([...reached, ...others])] });
}
