import {
  type FieldNode,
  type GraphQLField,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  Kind,
  type SelectionSetNode,
  TypeNameMetaFieldDef,
} from 'graphql';
import type { RowTable } from '../rows/index.ts';
import type { MergedField } from './merge-selections.ts';

/** The prefix of leaf fields. No GraphQL name begins with it, so that no client can select them. */
const LEAF = '#';
const leafType = new GraphQLScalarType({ name: 'Rows' });

/** Returns the value of a leaf field for what its resolver returned: a row or a page. */
type LeafOf = (source: never) => unknown;

/** By the leaf fields in rewritten documents; garbage-collected with the document. */
const leaves = new WeakMap<FieldNode, LeafOf>();

/**
 * Adds leaf fields for rows and pages to a schema. They aren't enumerable, so that introspection, printing and mapping
 * don't see them: whoever maps the schema has to do so before.
 */
export function addLeaves(schema: GraphQLSchema, { row, edge, page }: RowTable['types']): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const fields = type.getFields();
    const added = Object.values(fields)
      .filter((field) => String(field.type) === page)
      .map(leafField);
    if ([row, edge, page].includes(type.name)) added.push(ROWS_FIELD);
    for (const value of added) Object.defineProperty(fields, value.name, { value, configurable: true });
  }
}

const ROWS_FIELD = leafField({ ...TypeNameMetaFieldDef, name: 'rows', resolve: (source) => source });

/** Returns a field with the same arguments and resolver, whose value becomes a leaf. */
function leafField(field: GraphQLField<unknown, unknown>): GraphQLField<unknown, unknown> {
  return {
    ...field,
    name: LEAF + field.name,
    type: leafType,
    resolve(source, args, context, info) {
      const [node] = info.fieldNodes;
      const leafOf = node && leaves.get(node);
      if (leafOf === undefined) throw new Error('A leaf field has no leaf');
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The types have these values.
      const finish = (value: unknown): unknown => (value == null ? null : leafOf(value as never));
      // The resolver may have been replaced since.
      const value: unknown = field.resolve?.(source, args, context, info);
      return value instanceof Promise ? value.then(finish) : finish(value);
    },
  };
}

/**
 * Creates a leaf field in the place of another one.
 *
 * @param page for a page, its selections: they tell the resolver what to load
 */
export function leafNode(field: MergedField, leafOf: LeafOf, page?: SelectionSetNode): FieldNode {
  const node: FieldNode = {
    ...field.nodes[0],
    alias: { kind: Kind.NAME, value: field.key },
    name: { kind: Kind.NAME, value: page === undefined ? ROWS_FIELD.name : LEAF + field.name },
    directives: [],
    ...(page && { selectionSet: page }),
  };
  leaves.set(node, leafOf);
  return node;
}
