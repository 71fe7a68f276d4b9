import {
  type FieldNode,
  type GraphQLField,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { MergedField } from './merge-selections.ts';

/** No GraphQL name begins with `#`, so that no client can select the field. */
const COPIED_NAME = '#rows';

/** Returns the rows to copy for the object of a field: a row or a page. */
type CopiedRowsOf = (source: never) => unknown;

/** The rows of copied fields, by their nodes in rewritten documents; garbage-collected with the document. */
const rowsByNode = new WeakMap<FieldNode, CopiedRowsOf>();

const COPIED_FIELD: GraphQLField<never, unknown> = {
  ...TypeNameMetaFieldDef,
  name: COPIED_NAME,
  type: new GraphQLScalarType({ name: 'Rows' }),
  resolve(source, _args, _context, { fieldNodes: [node] }) {
    const rowsOf = node && rowsByNode.get(node);
    if (rowsOf === undefined) throw new Error('A copied field has no rows');
    return rowsOf(source);
  },
};

/**
 * Adds a field for rows that are copied to the types of rows, edges and pages. It isn't enumerable, so that introspection, printing and
 * mapping don't see it: the schema must be mapped before.
 */
export function addCopiedFields(schema: GraphQLSchema): void {
  for (const name of ['Run', 'RunEdge', 'RunConnection']) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The schema has no ${name}`);
    Object.defineProperty(type.getFields(), COPIED_NAME, { value: COPIED_FIELD, configurable: true });
  }
}

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
