import { MapperKind, mapSchema } from '@graphql-tools/utils';
import {
  type DocumentNode,
  type FieldNode,
  GraphQLObjectType,
  type GraphQLResolveInfo,
  GraphQLScalarType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Page } from '../../pagination/connection.ts';
import type { Run } from '../../runs/run.ts';
import { compileFields, compileRow, isPlainField } from '../rows/compile-row.ts';
import { areRowsBelow, isRow, isRowList } from '../rows/row-fields.ts';
import { RowLeaf } from '../rows/row-leaf.ts';
import type { RowProgram } from '../rows/row-program.ts';
import type { MergedField, MergedObject } from './merge-selections.ts';

/** The field of the executed schema that is answered with rows as one value. */
const LEAF = '_rows';

/** What each leaf of the rewritten documents writes; gone with the document. */
const programs = new WeakMap<FieldNode, RowProgram>();

/** The schema that is executed: the one that is served, and a field for rows as one value. */
export function withLeaves(schema: GraphQLSchema): GraphQLSchema {
  const type = new GraphQLScalarType({ name: LEAF });
  // The rows of what the resolvers give for these types.
  const rowsOf: Readonly<Record<string, (source: unknown) => readonly Run[]>> = {
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What the type is implemented for.
    RunConnection: (source) => (source as Page<Run>).rows,
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- What both types are implemented for.
    Run: (source) => [source as Run],
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- An edge is its run.
    RunEdge: (source) => [source as Run],
  };
  return mapSchema(schema, {
    [MapperKind.OBJECT_TYPE]: (object) => {
      const rows = rowsOf[object.name];
      if (rows === undefined) return undefined;
      const config = object.toConfig();
      const resolve = (source: unknown, _args: unknown, _context: unknown, info: GraphQLResolveInfo) =>
        new RowLeaf(rows(source), programOf(info.fieldNodes[0]), object.name === 'RunConnection');
      return new GraphQLObjectType({ ...config, fields: { ...config.fields, [LEAF]: { type, resolve } } });
    },
  });
}

function programOf(node: FieldNode | undefined): RowProgram {
  const program = node && programs.get(node);
  if (program === undefined) throw new Error('A leaf without a program');
  return program;
}

/**
 * The same operation with its fragments spread and its conditions decided, in which what can be
 * written from rows alone is selected as leaves: whole lists, or the fields of a run that stand side
 * by side. Everything keeps its place in the source, so that errors tell the same locations.
 */
export function rewrite(operation: OperationDefinitionNode, merged: MergedObject): DocumentNode {
  return {
    kind: Kind.DOCUMENT,
    definitions: [{ ...operation, directives: [], selectionSet: selectionSet(merged, false) }],
  };
}

function selectionSet(object: MergedObject, isListed: boolean): SelectionSetNode {
  return { kind: Kind.SELECTION_SET, selections: selectionsOf(object, isListed) };
}

function selectionsOf(object: MergedObject, isListed: boolean): readonly SelectionNode[] {
  const { fields } = object;
  if (!isRow(object)) return fields.flatMap((field) => nodesOf(object, field, isListed));
  const selections: SelectionNode[] = [];
  for (let at = 0; at < fields.length; ) {
    const end = fields.findIndex((field, index) => index >= at && !isPlainField(object, field, isListed));
    const group = fields.slice(at, end === -1 ? fields.length : end);
    const [first] = group;
    if (first !== undefined) selections.push(leaf(first, compileFields(object, group, isListed)));
    at += group.length;
    const other = fields[at];
    if (other !== undefined) selections.push(...nodesOf(object, other, isListed));
    at++;
  }
  return selections;
}

/** A field as it was, but for what is below it. Its other nodes are kept for the locations of errors. */
function nodesOf(parent: MergedObject, field: MergedField, isListed: boolean): readonly FieldNode[] {
  const [first, ...others] = field.nodes.map(bare);
  const [object] = field.objects;
  if (first === undefined || object === undefined) return field.nodes.map(bare);
  const program = isRowList(parent, field) ? compileRow(object, true) : null;
  if (program !== null) return [leaf(field, program)];
  return [
    { ...first, selectionSet: selectionsBelow(field, areRowsBelow(parent, field, isListed)) },
    ...others,
  ];
}

function selectionsBelow(field: MergedField, isListed: boolean): SelectionSetNode {
  const [object] = field.objects;
  if (!isAbstractType(getNamedType(field.field.type)) && object !== undefined) {
    return selectionSet(object, isListed);
  }
  const selections = field.objects.map(
    (each): SelectionNode => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: each.type.name } },
      selectionSet: selectionSet(each, isListed),
    }),
  );
  return { kind: Kind.SELECTION_SET, selections };
}

function bare({ selectionSet: _below, ...node }: FieldNode): FieldNode {
  return { ...node, directives: [] };
}

function leaf({ key, nodes: [{ loc }] }: MergedField, program: RowProgram): FieldNode {
  const node: FieldNode = {
    kind: Kind.FIELD,
    alias: { kind: Kind.NAME, value: key },
    name: { kind: Kind.NAME, value: LEAF },
    ...(loc !== undefined && { loc }),
  };
  programs.set(node, program);
  return node;
}
