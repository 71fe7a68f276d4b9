import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  isAbstractType,
  Kind,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import {
  areRowsBelow,
  compileFields,
  compileRow,
  isPlainField,
  isRow,
  isRowList,
} from '../rows/compile-row.ts';
import { compilePage } from '../rows/page-leaf.ts';
import { ROW_TABLE } from '../rows/run-table.ts';
import { pageLeaf, rowLeaf } from './leaves.ts';
import type { MergedField, MergedObject } from './merge-selections.ts';

/**
 * Rewrites an operation: fragments are expanded, conditions applied, and everything that can be written
 * from rows alone is selected as leaves, which are whole pages, lists, or adjacent fields of a row. All
 * nodes keep their source locations, so that errors report the same ones.
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
  if (!isRow(object)) return object.fields.flatMap((field) => nodesOf(object, field, isListed));
  const selections: SelectionNode[] = [];
  let plain: MergedField[] = [];
  const endGroup = (): void => {
    const [first] = plain;
    if (first !== undefined) selections.push(rowLeaf(first, compileFields(object, plain, isListed)));
    plain = [];
  };
  for (const field of object.fields) {
    if (isPlainField(object, field, isListed)) plain.push(field);
    else {
      endGroup();
      selections.push(...nodesOf(object, field, isListed));
    }
  }
  endGroup();
  return selections;
}

/** Rewrites the selections below a field. Its other nodes are kept for the locations of errors. */
function nodesOf(parent: MergedObject, field: MergedField, isListed: boolean): readonly FieldNode[] {
  const [first, ...others] = field.nodes.map(bare);
  const [object] = field.objects;
  if (first === undefined || object === undefined) return field.nodes.map(bare);
  const page = object.type.name === ROW_TABLE.types.page ? compilePage(object) : null;
  if (page !== null) return [pageLeaf(first, field, page), ...others];
  const rows = isRowList(parent, field) ? compileRow(object, true) : null;
  if (rows !== null) return [rowLeaf(field, rows)];
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
  const selections = field.objects.map((each): SelectionNode => ({
    kind: Kind.INLINE_FRAGMENT,
    typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: each.type.name } },
    selectionSet: selectionSet(each, isListed),
  }));
  return { kind: Kind.SELECTION_SET, selections };
}

function bare({ selectionSet: _below, ...node }: FieldNode): FieldNode {
  return { ...node, directives: [] };
}
