import {
  type FieldNode,
  type GraphQLField,
  GraphQLScalarType,
  type GraphQLSchema,
  isObjectType,
  Kind,
} from 'graphql';
import type { Page } from '../../lists/pages/connection.ts';
import type { Rows } from '../../lists/rows.ts';
import { RowLeaf, type RowProgram, type RowTable } from '../rows/index.ts';
import type { MergedField } from './merge-selections.ts';

/** The name of leaf fields. It is no GraphQL name, so that no client can select them. */
const LEAF = '#rows';
const leafType = new GraphQLScalarType({ name: 'Rows' });

/** The programs of the leaf fields in rewritten documents; garbage-collected with the document. */
const programs = new WeakMap<FieldNode, RowProgram>();

/**
 * Adds leaf fields for rows to a schema. They aren't enumerable, so that introspection, printing and mapping
 * don't see them: whoever maps the schema has to do so before.
 */
export function addLeaves(schema: GraphQLSchema, { row, edge, page }: RowTable['types']): void {
  for (const name of [row, edge]) addLeaf(schema, name, false, (source) => [source]);
  addLeaf(schema, page, true, rowsOfPage);
}

// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The type is implemented for pages.
const rowsOfPage = (source: object): Rows<object> => (source as Page<object>).rows;

function addLeaf(
  schema: GraphQLSchema,
  name: string,
  isList: boolean,
  rowsOf: (source: object) => Rows<object>,
): void {
  const type = schema.getType(name);
  if (!isObjectType(type)) return;
  const value: GraphQLField<object, unknown> = {
    name: LEAF,
    description: undefined,
    type: leafType,
    args: [],
    resolve(source, _args, _context, { fieldNodes: [node] }) {
      const program = node && programs.get(node);
      if (program === undefined) throw new Error('A leaf without a program');
      return new RowLeaf(rowsOf(source), program, isList);
    },
    deprecationReason: undefined,
    extensions: {},
    astNode: undefined,
  };
  Object.defineProperty(type.getFields(), LEAF, { value, configurable: true });
}

/** Creates a leaf field that is in the place of another one. */
export function rowLeaf({ key, nodes: [{ loc }] }: MergedField, program: RowProgram): FieldNode {
  const node: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: LEAF },
    ...(loc !== undefined && { loc }),
  };
  programs.set(node, program);
  return node;
}
