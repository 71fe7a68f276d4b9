import {
  type GraphQLError,
  type GraphQLSchema,
  getArgumentValues,
  getVariableValues,
  locatedError,
} from 'graphql';
import type { Context } from '../context.ts';
import { loadRuns } from '../schema/runs-field.ts';
import type { CompiledOperation, CompiledPage } from './compile-operation.ts';
import { NotCompilable } from './compile-rows.ts';

/** The result of an execution. Texts in `data` are as the context's rows have them. */
export interface CompiledResult {
  readonly data: Readonly<Record<string, unknown>>;
  /** As they were thrown, with their place; not masked yet. */
  readonly errors: readonly GraphQLError[];
}

/** Undefined where the reference executor has to serve it: a variable is wrong, say. */
export async function runOperation(
  schema: GraphQLSchema,
  operation: CompiledOperation,
  inputs: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<CompiledResult | undefined> {
  const variables = getVariableValues(schema, operation.node.variableDefinitions ?? [], inputs);
  if (variables.errors !== undefined) return undefined;
  const errors: GraphQLError[] = [];
  try {
    const values = await Promise.all(
      operation.fields.map(async ([key, page]) => {
        if (page === null) return 'Query';
        return pageOf(page, variables.coerced, context).catch((error: unknown) => {
          if (error instanceof NotCompilable) throw error;
          errors.push(locatedError(error, page.selection.nodes, [key]));
          return null;
        });
      }),
    );
    const data = Object.fromEntries(operation.fields.map(([key], index) => [key, values[index]]));
    return { data, errors };
  } catch (error) {
    if (error instanceof NotCompilable) return undefined;
    throw error;
  }
}

async function pageOf(
  { selection, field, needs, build }: CompiledPage,
  variables: Record<string, unknown>,
  context: Context,
): Promise<unknown> {
  const args = getArgumentValues(field, selection.nodes[0], variables);
  const page = await loadRuns(args, needs, context);
  return build(page);
}
