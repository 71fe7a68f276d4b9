import { GraphQLSchema, isObjectType } from 'graphql';
import { fromQuery } from './natural-order.ts';

/** Returns the schema without its mutations, and without the types that only they have. */
export function withoutMutations(schema: GraphQLSchema): GraphQLSchema {
  const { types, ...all } = schema.toConfig();
  const config = { ...all, mutation: null };
  // Everything else is found from the query type.
  const implementations = types.filter((type) => isObjectType(type) && type.getInterfaces().length > 0);
  const kept = new GraphQLSchema({ ...config, types: implementations }).getTypeMap();
  return fromQuery(new GraphQLSchema({ ...config, types: types.filter(({ name }) => name in kept) }));
}
