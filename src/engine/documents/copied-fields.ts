import {
  type FieldNode,
  type GraphQLField,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { RowTable } from '../rows/index.ts';
import type { MergedField } from './merge-selections.ts';

/** No GraphQL name begins with `#`, so that no client can select the field. */
const LEAF_NAME = '#rows';

/** Returns the value of a leaf field for its object: a row or a page. */
type LeafOf = (source: never) => unknown;

/** The values of leaf fields, by their nodes in rewritten documents; garbage-collected with the document. */
const leaves = new WeakMap<FieldNode, LeafOf>();

const LEAF_FIELD: GraphQLField<never, unknown> = {
  ...TypeNameMetaFieldDef,
  name: LEAF_NAME,
  type: new GraphQLScalarType({ name: 'Rows' }),
  resolve(source, _args, _context, { fieldNodes: [node] }) {
    const leafOf = node && leaves.get(node);
    if (leafOf === undefined) throw new Error('A leaf field has no leaf');
    return leafOf(source);
  },
};

/**
 * Adds a leaf field to the types of rows, edges and pages. It isn't enumerable, so that introspection, printing and
 * mapping don't see it: the schema must be mapped before.
 */
export function addLeaves(schema: GraphQLSchema, { row, edge, page }: RowTable['types']): void {
  for (const name of [row, edge, page]) {
    const type = schema.getType(name);
    if (!isObjectType(type)) throw new Error(`The schema has no ${name}`);
    Object.defineProperty(type.getFields(), LEAF_NAME, { value: LEAF_FIELD, configurable: true });
  }
}

/** Creates a leaf field in the place of another field, with the same key and location. */
export function leafNode({ key, nodes: [node] }: MergedField, leafOf: LeafOf): FieldNode {
  const leaf: FieldNode = {
    ...node,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: LEAF_NAME },
    arguments: [],
    directives: [],
  };
  leaves.set(leaf, leafOf);
  return leaf;
}
