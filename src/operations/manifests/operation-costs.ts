import { GraphQLError, type GraphQLSchema, Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';
import { createEngine, parseDocument } from '../../engine/index.ts';
import type { CheckedManifestDocument } from './check-manifest.ts';

/** Types of variables whose values change the cost of an operation. */
const PRICED_TYPES: ReadonlySet<string> = new Set(['Int', 'Boolean']);

/**
 * Prices the operations of valid documents, each with the defaults of its variables. A cost is undefined if it depends
 * on a required variable; a problem says why an operation would be rejected, and else is undefined.
 */
export function operationCosts(schema: GraphQLSchema, documents: readonly CheckedManifestDocument[]) {
  const engine = createEngine({
    schema,
    rowCopying: true,
    maxCost: Number.MAX_SAFE_INTEGER,
    maxResponseBytes: 0,
  });
  return documents.flatMap(({ id, text, operations }) => {
    if (operations.length === 0) return [];
    const document = parseDocument(text);
    return operations.map((operation) => {
      const name = operation.name?.value;
      try {
        const { cost } = engine.prepare(document, name, {});
        return { id, name, cost: dependsOnVariables(operation) ? undefined : cost, problem: undefined };
      } catch (error) {
        if (!(error instanceof GraphQLError)) throw error;
        return { id, name, cost: undefined, problem: error.message };
      }
    });
  });
}

function dependsOnVariables({ variableDefinitions = [] }: OperationDefinitionNode): boolean {
  return variableDefinitions.some(
    ({ type, defaultValue }) =>
      defaultValue === undefined && type.kind === Kind.NON_NULL_TYPE && isPriced(type.type),
  );
}

function isPriced(type: TypeNode): boolean {
  return type.kind === Kind.LIST_TYPE || (type.kind === Kind.NAMED_TYPE && PRICED_TYPES.has(type.name.value));
}
