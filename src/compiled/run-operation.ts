import { GraphQLError, getArgumentValues, locatedError } from 'graphql';
import type { Context } from '../context.ts';
import type { RunPage } from '../schema/connection-types.ts';
import { loadRuns } from '../schema/runs-field.ts';
import { AnswerBytes } from './answer-bytes.ts';
import type { CompiledOperation, CompiledPage } from './compile-operation.ts';
import { NotCompilable } from './compile-values.ts';

/** The result of an execution. */
export interface CompiledResult {
  /** An answer without errors: `{"data":…}`. */
  readonly bytes: Uint8Array;
  /** As they were thrown, with their place; not masked yet. */
  readonly errors: readonly GraphQLError[];
}

/** Undefined where the reference executor has to serve it: a variable is wrong, say. */
export async function runOperation(
  operation: CompiledOperation,
  inputs: Readonly<Record<string, unknown>>,
  context: Context,
): Promise<CompiledResult | undefined> {
  const variables = operation.coerceVariables(inputs);
  if (variables === null) return undefined;
  const errors: GraphQLError[] = [];
  const pages = await Promise.all(
    operation.fields.map(async ([key, page]) => {
      if (page === null) return null;
      return load(page, variables, context).catch((error: unknown) => {
        errors.push(locatedError(error, page.selection.nodes, [key]));
        return null;
      });
    }),
  );
  try {
    return { bytes: write(operation, pages), errors };
  } catch (error) {
    // A value that its type can't hold: what becomes of it is the reference executor's affair.
    if (error instanceof NotCompilable || error instanceof GraphQLError) return undefined;
    throw error;
  }
}

async function load(
  { selection, field, needs }: CompiledPage,
  variables: Record<string, unknown>,
  context: Context,
): Promise<RunPage> {
  return loadRuns(getArgumentValues(field, selection.nodes[0], variables), needs, context);
}

function write({ fields }: CompiledOperation, pages: readonly (RunPage | null)[]): Uint8Array {
  const answer = new AnswerBytes();
  fields.forEach(([key, compiled], index) => {
    const page = pages[index] ?? null;
    answer.text(`${index === 0 ? '{"data":{' : ','}${JSON.stringify(key)}:`);
    if (compiled === null) return answer.text('"Query"');
    if (page === null) return answer.text('null');
    answer.text('{');
    compiled.write(answer, page);
    answer.text('}');
  });
  answer.text('}}');
  return answer.take();
}
