import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  assertObjectType,
  defaultFieldResolver,
  type FieldNode,
  type GraphQLFieldConfig,
  type GraphQLFieldResolver,
  GraphQLObjectType,
  GraphQLScalarType,
  GraphQLSchema,
  Kind,
} from 'graphql';
import type { Page } from '../../lists/pages/build-page.ts';
import { memoize } from '../../runs/memoize.ts';
import type { MergedField } from './merge-selections.ts';

/** Valid schemas and documents of clients can't have a field that begins with `__`, except for introspection. */
const COPIED_NAME = '__rows';

/** Returns the rows to copy for the object of a field: a page, or a row, whose function takes any object. */
type CopiedRowsOf = (source: Page<object>) => unknown;

/** The rows of copied fields, by their nodes in rewritten documents; garbage-collected with the document. */
const rowsByNode = new WeakMap<FieldNode, CopiedRowsOf>();

const COPIED_FIELD: GraphQLFieldConfig<Page<object>, unknown> = {
  type: new GraphQLScalarType({ name: 'CopiedRows' }),
  resolve(source, _args, _context, { fieldNodes: [node] }) {
    const rowsOf = node && rowsByNode.get(node);
    if (rowsOf === undefined) throw new Error('A copied field has no rows');
    return rowsOf(source);
  },
};

/** The types of the objects that `withCopiedFields` extends. */
const COPIED_TYPES: readonly string[] = ['Run', 'RunEdge', 'RunConnection'];

/**
 * Returns the schema that rewritten documents are executed on: the schema of clients, and a field for copied rows. Its
 * fields look up the resolvers of the clients' schema at each call, since plugins may replace them in place.
 */
export const withCopiedFields = memoize((schema: GraphQLSchema): GraphQLSchema => {
  const extended = mapSchema(schema, {
    [MapperKind.OBJECT_TYPE](type) {
      if (!COPIED_TYPES.includes(type.name)) return type;
      const { fields, ...config } = type.toConfig();
      return new GraphQLObjectType({ ...config, fields: { ...fields, [COPIED_NAME]: COPIED_FIELD } });
    },
    [MapperKind.OBJECT_FIELD](config, name, typeName) {
      const field = assertObjectType(schema.getType(typeName)).getFields()[name];
      if (field === undefined) return config;
      const resolve: GraphQLFieldResolver<unknown, unknown> = (...args) =>
        (field.resolve ?? defaultFieldResolver)(...args);
      const subscribe: GraphQLFieldResolver<unknown, unknown> = (...args) =>
        (field.subscribe ?? defaultFieldResolver)(...args);
      return { ...config, resolve, subscribe };
    },
  });
  // The name would be refused, since it begins with `__`.
  return new GraphQLSchema({ ...extended.toConfig(), assumeValid: true });
});

/** Creates the field for rows that are copied, in the place of another field, with the same key and location. */
export function copiedNode({ key, nodes: [node] }: MergedField, rowsOf: CopiedRowsOf): FieldNode {
  const copied: FieldNode = {
    ...node,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: COPIED_NAME },
    arguments: [],
    directives: [],
  };
  rowsByNode.set(copied, rowsOf);
  return copied;
}
