import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLSchema,
  getOperationAST,
  isObjectType,
  Kind,
  OperationTypeNode,
} from 'graphql';
import type { PageNeeds } from '../pagination/plan.ts';
import { pageNeeds } from '../schema/runs-field.ts';
import { compileConnection, type WritePage } from './compile-connection.ts';
import { NotCompilable } from './compile-values.ts';
import { type CoerceVariables, compileVariables } from './compile-variables.ts';
import { type Fragments, type Selection, selectionTree } from './selection-tree.ts';

/** A page of runs at the root of a query. */
export interface CompiledPage {
  readonly selection: Selection;
  readonly field: GraphQLField<unknown, unknown>;
  readonly needs: PageNeeds;
  readonly write: WritePage;
}

/** A query for nothing but pages of runs, with all that its text determines worked out. */
export interface CompiledOperation {
  readonly name: string | undefined;
  readonly coerceVariables: CoerceVariables;
  /** The keys of the answer in their order, each with its page, or with null for `__typename`. */
  readonly fields: readonly (readonly [key: string, page: CompiledPage | null])[];
}

/** The operation of a valid document; undefined if it is anything but a query for pages of runs. */
export function compileOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
): CompiledOperation | undefined {
  const node = getOperationAST(document, operationName);
  if (node?.operation !== OperationTypeNode.QUERY || (node.directives?.length ?? 0) > 0) return undefined;
  const fragments: Fragments = new Map(
    document.definitions
      .filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION)
      .map((definition) => [definition.name.value, definition]),
  );
  const selections = selectionTree([node.selectionSet], fragments);
  const field = schema.getQueryType()?.getFields()['runs'];
  if (selections === undefined || field === undefined) return undefined;
  try {
    const fields = selections.map((selection) => {
      if (selection.name === '__typename') return [selection.key, null] as const;
      if (selection.name !== 'runs') throw new NotCompilable(selection.name);
      return [selection.key, compilePage(selection, field)] as const;
    });
    const coerceVariables = compileVariables(schema, node.variableDefinitions ?? []);
    return { name: node.name?.value, coerceVariables, fields };
  } catch (error) {
    if (error instanceof NotCompilable) return undefined;
    throw error;
  }
}

function compilePage(selection: Selection, field: GraphQLField<unknown, unknown>): CompiledPage {
  if (!isObjectType(field.type)) throw new NotCompilable('the type of runs');
  const write = compileConnection(field.type, selection.children);
  return { selection, field, needs: needsOf(selection.children), write };
}

function needsOf(children: readonly Selection[]): PageNeeds {
  const pageInfo = children.filter(({ name }) => name === 'pageInfo').flatMap((info) => info.children);
  return pageNeeds(namesOf(children), namesOf(pageInfo));
}

function namesOf(selections: readonly Selection[]): ReadonlySet<string> {
  return new Set(selections.map(({ name }) => name));
}
