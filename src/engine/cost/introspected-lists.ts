import {
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
} from 'graphql';

const known = new WeakMap<GraphQLSchema, ReadonlyMap<string, number>>();

/** The assumed number of wrapping types, of lists and non-null, around another type; tools ask for nine. */
const WRAPPING = 0.5;

/**
 * Returns the assumed lengths of the lists of introspection, by the names of their fields: those of an average
 * type or field. Validation refuses documents that nest them more than twice.
 */
export function introspectedLists(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const lists = known.get(schema) ?? measure(schema);
  known.set(schema, lists);
  return lists;
}

function measure(schema: GraphQLSchema): ReadonlyMap<string, number> {
  const types = Object.values(schema.getTypeMap());
  const directives = schema.getDirectives();
  const withArguments = [...types.flatMap(fieldsOf), ...directives];
  const perType = (listOf: (type: GraphQLNamedType) => readonly unknown[]): number =>
    types.flatMap(listOf).length / types.length;
  return new Map([
    ['types', types.length],
    ['ofType', WRAPPING],
    ['directives', directives.length],
    ['fields', perType(fieldsOf)],
    ['args', withArguments.flatMap(({ args }) => args).length / withArguments.length],
    ['inputFields', perType((type) => (isInputObjectType(type) ? Object.keys(type.getFields()) : []))],
    ['enumValues', perType((type) => (isEnumType(type) ? type.getValues() : []))],
    ['possibleTypes', perType((type) => (isAbstractType(type) ? schema.getPossibleTypes(type) : []))],
    ['interfaces', perType((type) => (hasFields(type) ? type.getInterfaces() : []))],
  ]);
}

function fieldsOf(type: GraphQLNamedType) {
  return hasFields(type) ? Object.values(type.getFields()) : [];
}

function hasFields(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type);
}
