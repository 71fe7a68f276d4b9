import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLSchema, isObjectType } from 'graphql';
import { fromQuery } from './natural-order.ts';

/** What is left out of the schema. */
export interface SchemaOptions {
  /** Whether there are no mutations. @default false */
  readonly readOnly?: boolean | undefined;
  /** `stub`: agents have nothing but their ids and runs, since another subgraph owns the rest. @default full */
  readonly agents?: 'full' | 'stub' | undefined;
}

/** The fields of a stub of an agent. */
const STUB_FIELDS: ReadonlySet<string> = new Set(['id', 'runs']);
const AGENT_ROOTS: ReadonlySet<string> = new Set(['agents', 'agent']);

/** Returns the schema without what is left out, and without the types that only that has. */
export function variantOf(schema: GraphQLSchema, { readOnly, agents }: SchemaOptions): GraphQLSchema {
  const kept = agents === 'stub' ? withStubs(schema) : schema;
  if (kept === schema && readOnly !== true) return schema;
  const { types, ...all } = kept.toConfig();
  const config = { ...all, ...(readOnly === true && { mutation: null }) };
  // Everything else is found from the root types.
  const implementations = types.filter((type) => isObjectType(type) && type.getInterfaces().length > 0);
  const reached = new GraphQLSchema({ ...config, types: implementations }).getTypeMap();
  return fromQuery(new GraphQLSchema({ ...config, types: types.filter(({ name }) => name in reached) }));
}

function withStubs(schema: GraphQLSchema): GraphQLSchema {
  return mapSchema(schema, {
    [MapperKind.QUERY_ROOT_FIELD]: (_field, name) => (AGENT_ROOTS.has(name) ? null : undefined),
    [MapperKind.COMPOSITE_FIELD]: (_field, name, type) =>
      type === 'Agent' && !STUB_FIELDS.has(name) ? null : undefined,
  });
}
