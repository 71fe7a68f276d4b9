import {
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

/** How long the lists of introspection are at most, by the names of their fields. */
export type IntrospectionSizes = ReadonlyMap<string, number>;

/** How long the lists of introspection are in this schema, each at its longest. */
export function introspectionSizes(schema: GraphQLSchema): IntrospectionSizes {
  const sizes = new Map<string, number>();
  const note = (list: string, length: number): void => {
    sizes.set(list, Math.max(length, sizes.get(list) ?? 1));
  };
  const types = Object.values(schema.getTypeMap());
  note('types', types.length);
  note('directives', schema.getDirectives().length);
  for (const { args } of schema.getDirectives()) note('args', args.length);
  for (const type of types) {
    if (isEnumType(type)) note('enumValues', type.getValues().length);
    if (isAbstractType(type)) note('possibleTypes', schema.getPossibleTypes(type).length);
    if (isInputObjectType(type)) note('inputFields', Object.keys(type.getFields()).length);
    if (!isObjectType(type) && !isInterfaceType(type)) continue;
    const fields = Object.values(type.getFields());
    note('fields', fields.length);
    note('interfaces', type.getInterfaces().length);
    for (const { args } of fields) note('args', args.length);
  }
  return sizes;
}
