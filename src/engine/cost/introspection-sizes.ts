import {
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** The maximum lengths of the lists in introspection, by field name. */
export type IntrospectionSizes = ReadonlyMap<string, number>;

/** Determines the maximum lengths of the lists in introspection for a schema. */
export function introspectionSizes(schema: GraphQLSchema): IntrospectionSizes {
  const sizes = new Map<string, number>();
  const record = (list: string, length: number): void => {
    sizes.set(list, Math.max(length, sizes.get(list) ?? 1));
  };
  const types = Object.values(schema.getTypeMap());
  record('types', types.length);
  record('directives', schema.getDirectives().length);
  for (const { args } of schema.getDirectives()) record('args', args.length);
  for (const type of types) {
    if (isEnumType(type)) record('enumValues', type.getValues().length);
    if (isAbstractType(type)) record('possibleTypes', schema.getPossibleTypes(type).length);
    if (isInputObjectType(type)) record('inputFields', Object.keys(type.getFields()).length);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = Object.values(type.getFields());
    record('fields', fields.length);
    record('interfaces', type.getInterfaces().length);
    for (const { args } of fields) record('args', args.length);
  }
  return sizes;
}
