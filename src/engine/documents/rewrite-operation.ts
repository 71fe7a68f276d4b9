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
import type { Page } from '../../lists/pages/build-page.ts';
import {
  areRowsBelow,
  compileFields,
  compileRow,
  isPlainField,
  isRow,
  isRowList,
} from '../rows/compile-row.ts';
import { CopiedRows } from '../rows/copied-rows.ts';
import type { MergedField, MergedObject } from './merge-selections.ts';
import { copiedNode } from './rows-field.ts';

/**
 * Rewrites an operation to one without fragments and conditions. A list of rows, or adjacent fields of a row, becomes
 * one field if nothing but the rows is needed for it. Nodes keep their source locations, for errors.
 */
export function rewriteOperation(operation: OperationDefinitionNode, selections: MergedObject): DocumentNode {
  const selectionSet = setOf(selections, false);
  return { kind: Kind.DOCUMENT, definitions: [{ ...operation, directives: [], selectionSet }] };

  function setOf(object: MergedObject, isListed: boolean): SelectionSetNode {
    return { kind: Kind.SELECTION_SET, selections: selectionsOf(object, isListed) };
  }

  function selectionsOf(object: MergedObject, isListed: boolean): readonly SelectionNode[] {
    if (!isRow(object)) return object.fields.flatMap((field) => nodesOf(object, field));
    const nodes: SelectionNode[] = [];
    let plain: MergedField[] = [];
    const endGroup = (): void => {
      const [first] = plain;
      const program = compileFields({ ...object, fields: plain }, isListed);
      if (first !== undefined)
        nodes.push(copiedNode(first, (row: object) => new CopiedRows([row], program, false)));
      plain = [];
    };
    for (const field of object.fields) {
      if (isPlainField(object, field, isListed)) plain.push(field);
      else {
        endGroup();
        nodes.push(...nodesOf(object, field));
      }
    }
    endGroup();
    return nodes;
  }

  /** Rewrites the selections below a field. Repeated nodes of the field are kept for the locations of errors. */
  function nodesOf(parent: MergedObject, field: MergedField): readonly FieldNode[] {
    const [first, ...others] = field.nodes.map(bare);
    const [object] = field.objects;
    if (first === undefined || object === undefined) return field.nodes.map(bare);
    const program = isRowList(parent, field) ? compileRow(object) : null;
    if (program !== null)
      return [copiedNode(field, (page: Page<object>) => new CopiedRows(page.rows, program, true))];
    const below = setBelow(field, object, areRowsBelow(parent, field));
    return [{ ...first, selectionSet: below }, ...others];
  }

  function setBelow(field: MergedField, object: MergedObject, isListed: boolean): SelectionSetNode {
    if (!isAbstractType(getNamedType(field.field.type))) return setOf(object, isListed);
    const fragments = field.objects.map((each): SelectionNode => ({
      kind: Kind.INLINE_FRAGMENT,
      typeCondition: { kind: Kind.NAMED_TYPE, name: { kind: Kind.NAME, value: each.type.name } },
      selectionSet: setOf(each, isListed),
    }));
    return { kind: Kind.SELECTION_SET, selections: fragments };
  }
}

function bare({ selectionSet: _below, ...node }: FieldNode): FieldNode {
  return { ...node, directives: [] };
}
