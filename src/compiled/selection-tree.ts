import {
  type FieldNode,
  type FragmentDefinitionNode,
  Kind,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

/** A field of the answer, with all that was selected of it under one key. */
export interface Selection {
  /** Its key in the answer: the alias, or the name. */
  readonly key: string;
  readonly name: string;
  /** Where it stands in the document: once, or in several fragments. */
  readonly nodes: readonly [FieldNode, ...FieldNode[]];
  readonly children: readonly Selection[];
}

export type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/**
 * What is selected, merged by keys in the order of the answer. Undefined for a document that uses
 * directives: which fields there are would depend on variables. Type conditions are not looked at:
 * of a concrete type, validation admits only those that match.
 */
export function selectionTree(
  sets: readonly (SelectionSetNode | undefined)[],
  fragments: Fragments,
): readonly Selection[] | undefined {
  const byKey = new Map<string, [FieldNode, ...FieldNode[]]>();
  // One look at a fragment is enough, however often it is spread.
  const visited = new Set<string>();
  const visit = (selections: readonly SelectionNode[]): boolean =>
    selections.every((selection) => {
      if (selection.directives !== undefined && selection.directives.length > 0) return false;
      if (selection.kind === Kind.INLINE_FRAGMENT) return visit(selection.selectionSet.selections);
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const name = selection.name.value;
        if (visited.has(name)) return true;
        visited.add(name);
        const fragment = fragments.get(name);
        return fragment !== undefined && visit(fragment.selectionSet.selections);
      }
      const key = selection.alias?.value ?? selection.name.value;
      const same = byKey.get(key);
      if (same === undefined) byKey.set(key, [selection]);
      else same.push(selection);
      return true;
    });
  if (!sets.every((set) => visit(set?.selections ?? []))) return undefined;

  const tree: Selection[] = [];
  for (const [key, nodes] of byKey) {
    const children = selectionTree(
      nodes.map((node) => node.selectionSet),
      fragments,
    );
    if (children === undefined) return undefined;
    tree.push({ key, name: nodes[0].name.value, nodes, children });
  }
  return tree;
}
