import { collectFields } from '@graphql-tools/utils';
import {
  type FieldNode,
  type GraphQLResolveInfo,
  type SelectionNode,
  assertObjectType,
  getNamedType,
  Kind,
} from 'graphql';
import type { RunPageNeeds } from '../loaders/run-lists.ts';

/** Returns the subfields selected on the field that is resolved, by name, without what `@skip` and `@include` exclude. */
export function selectedFields(info: GraphQLResolveInfo): ReadonlyMap<string, readonly FieldNode[]> {
  return selectedBelow(info.fieldNodes, getNamedType(info.returnType).name, info);
}

function selectedBelow(nodes: readonly FieldNode[], typeName: string, info: GraphQLResolveInfo) {
  const { schema, fragments, variableValues } = info;
  const type = assertObjectType(schema.getType(typeName));
  const fields = nodes.flatMap(({ selectionSet }) => {
    if (selectionSet === undefined) return [];
    const collected = collectFields(schema, fragments, variableValues, type, selectionSet);
    return [...collected.fields.values()].flat();
  });
  return Map.groupBy(fields, ({ name }) => name.value);
}

/** The fields of a connection that show none of its rows. A field that is added later needs rows until it is listed. */
const WITHOUT_ROWS: ReadonlySet<string> = new Set(['pageInfo', 'totalCount', '__typename']);

/** The needs of a field whose selections depend on no variable, by its node; garbage-collected with the document. */
const cache = new WeakMap<FieldNode, RunPageNeeds>();

/** Returns the parts of a page that are selected on a field; only pages of runs have a cursor of events. */
export function pageNeeds(info: GraphQLResolveInfo): RunPageNeeds {
  const [node, ...others] = info.fieldNodes;
  const cached = node && others.length === 0 ? cache.get(node) : undefined;
  if (cached !== undefined) return cached;
  const connection = selectedFields(info);
  const pageInfo = selectedBelow(connection.get('pageInfo') ?? [], 'PageInfo', info);
  const needs = {
    rows:
      connection.keys().some((name) => !WITHOUT_ROWS.has(name)) ||
      pageInfo.has('startCursor') ||
      pageInfo.has('endCursor'),
    eventsCursor: connection.has('eventsCursor'),
    hasNextPage: pageInfo.has('hasNextPage'),
    hasPreviousPage: pageInfo.has('hasPreviousPage'),
  };
  if (node && others.length === 0 && isUnconditional(node)) cache.set(node, needs);
  return needs;
}

/** Whether a selection, and all below it, are fields without directives. */
function isUnconditional(selection: SelectionNode): boolean {
  const { kind, directives = [] } = selection;
  if (kind !== Kind.FIELD || directives.length > 0) return false;
  return (selection.selectionSet?.selections ?? []).every(isUnconditional);
}
