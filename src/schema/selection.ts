import type { FieldNode, GraphQLResolveInfo, SelectionNode } from 'graphql';
import { GraphQLIncludeDirective, GraphQLSkipDirective, getDirectiveValues, Kind } from 'graphql';
import type { PageNeeds } from '../lists/pages/connection.ts';

/**
 * Returns the subfields selected on a field, by name, through fragments and aliases, without those
 * that `@skip` and `@include` exclude. Type conditions are not checked: on a concrete type, validation
 * allows only those that match.
 */
export function selectedFields(
  fields: readonly FieldNode[],
  info: GraphQLResolveInfo,
): ReadonlyMap<string, readonly FieldNode[]> {
  const selected = new Map<string, FieldNode[]>();
  // A fragment is visited once, however often it is spread.
  const visited = new Set<string>();
  const visit = (selections: readonly SelectionNode[]): void => {
    for (const selection of selections) {
      if (!isIncluded(selection, info)) continue;
      if (selection.kind === Kind.FIELD) {
        const same = selected.get(selection.name.value);
        if (same === undefined) selected.set(selection.name.value, [selection]);
        else same.push(selection);
      } else if (selection.kind === Kind.INLINE_FRAGMENT) {
        visit(selection.selectionSet.selections);
      } else if (!visited.has(selection.name.value)) {
        visited.add(selection.name.value);
        visit(info.fragments[selection.name.value]?.selectionSet.selections ?? []);
      }
    }
  };
  for (const field of fields) visit(field.selectionSet?.selections ?? []);
  return selected;
}

function isIncluded(selection: SelectionNode, info: GraphQLResolveInfo): boolean {
  if (selection.directives === undefined || selection.directives.length === 0) return true;
  const skip = getDirectiveValues(GraphQLSkipDirective, selection, info.variableValues);
  if (skip?.['if'] === true) return false;
  const include = getDirectiveValues(GraphQLIncludeDirective, selection, info.variableValues);
  return include?.['if'] !== false;
}

/** What the fields selected on a connection need. */
interface Asked {
  readonly needs: PageNeeds;
  /** Whether the list is counted. */
  readonly counts: boolean;
}

/** By the node of a field, where it depends on no variable. */
const known = new WeakMap<FieldNode, Asked>();

/** Returns what is asked for by the selections on a field that returns a page. */
export function askedOf(info: GraphQLResolveInfo): Asked {
  const { fieldNodes } = info;
  const [node] = fieldNodes;
  const before = node && fieldNodes.length === 1 ? known.get(node) : undefined;
  if (before !== undefined) return before;
  const selected = selectedFields(fieldNodes, info);
  const pageInfo = selectedFields(selected.get('pageInfo') ?? [], info);
  const asked = {
    needs: pageNeeds(new Set(selected.keys()), new Set(pageInfo.keys())),
    counts: selected.has('totalCount'),
  };
  const isPlain = [...fieldNodes, ...(selected.get('pageInfo') ?? [])].every(hasPlainSelections);
  if (node !== undefined && fieldNodes.length === 1 && isPlain) known.set(node, asked);
  return asked;
}

/** Whether all selections on a field are fields without a condition. */
function hasPlainSelections({ selectionSet }: FieldNode): boolean {
  return (selectionSet?.selections ?? []).every(
    ({ kind, directives = [] }) => kind === Kind.FIELD && directives.length === 0,
  );
}

/** The fields of a connection that show none of its rows; others do, including fields added later. */
const WITHOUT_ROWS: ReadonlySet<string> = new Set(['pageInfo', 'totalCount', '__typename']);

/** Returns what to load, by the names of the fields selected on a connection and on its page info. */
function pageNeeds(connection: ReadonlySet<string>, pageInfo: ReadonlySet<string>): PageNeeds {
  return {
    rows:
      connection.keys().some((name) => !WITHOUT_ROWS.has(name)) ||
      ['startCursor', 'endCursor'].some((name) => pageInfo.has(name)),
    hasNextPage: pageInfo.has('hasNextPage'),
    hasPreviousPage: pageInfo.has('hasPreviousPage'),
  };
}
