import { MapperKind, mapSchema } from '@graphql-tools/utils';
import { GraphQLEnumType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema } from 'graphql';

/** Elements of a schema by name. */
type ByName<Value> = Readonly<Record<string, Value>>;

/** Returns the same schema with its types in the order of a traversal from the query type. */
export function fromQuery(schema: GraphQLSchema): GraphQLSchema {
  const config = schema.toConfig();
  const reached = Object.values(new GraphQLSchema({ ...config, types: [] }).getTypeMap());
  return new GraphQLSchema({ ...config, types: [...new Set([...reached, ...config.types])] });
}

/**
 * Returns the same schema with its fields, arguments and enum values in the order of another schema;
 * those that the other schema doesn't have come last.
 */
export function inOrderOf(schema: GraphQLSchema, model: GraphQLSchema): GraphQLSchema {
  const inOrder = mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (type) => {
      const config = type.toConfig();
      return new GraphQLObjectType({
        ...config,
        fields: orderedFields(config.fields, fieldsOf(model, type)),
      });
    },
    [MapperKind.INTERFACE_TYPE]: (type) => {
      const config = type.toConfig();
      return new GraphQLInterfaceType({
        ...config,
        fields: orderedFields(config.fields, fieldsOf(model, type)),
      });
    },
    [MapperKind.ENUM_TYPE]: (type) => {
      const config = type.toConfig();
      const other = model.getType(type.name);
      const values = other instanceof GraphQLEnumType ? other.toConfig().values : {};
      return new GraphQLEnumType({ ...config, values: ordered(config.values, values) });
    },
  });
  return fromQuery(inOrder);
}

function fieldsOf(model: GraphQLSchema, { name }: { readonly name: string }): ByName<Field> {
  const type = model.getType(name);
  const hasFields = type instanceof GraphQLObjectType || type instanceof GraphQLInterfaceType;
  return hasFields ? type.toConfig().fields : {};
}

interface Field {
  readonly args?: ByName<unknown>;
}

function orderedFields<Config extends { args?: Record<string, unknown> }>(
  fields: ByName<Config>,
  model: ByName<Field>,
): Record<string, Config> {
  const inOrder = ordered(fields, model);
  for (const [name, field] of Object.entries(inOrder)) {
    inOrder[name] = { ...field, args: ordered(field.args ?? {}, model[name]?.args ?? {}) };
  }
  return inOrder;
}

function ordered<Value>(items: ByName<Value>, model: ByName<unknown>): Record<string, Value> {
  const names = [...Object.keys(model).filter((name) => name in items), ...Object.keys(items)];
  return Object.fromEntries(
    [...new Set(names)].flatMap((name) => {
      const item = items[name];
      return item === undefined ? [] : [[name, item] as const];
    }),
  );
}
