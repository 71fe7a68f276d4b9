import { type GraphQLSchema, Kind, type OperationDefinitionNode, type TypeNode } from 'graphql';
import { createEngine, createPrepareText } from '../../engine/index.ts';
import type { CheckedManifestDocument } from './check-manifest.ts';

/** What an operation of a manifest may cost. */
export interface OperationCostReport {
  /** The id of its document. */
  readonly id: string;
  readonly name: string | undefined;
  /** The estimate without variables; undefined if it depends on a variable that is required. */
  readonly cost: number | undefined;
  /** Why it would be rejected, whatever its cost. */
  readonly problem: string | undefined;
}

/** Types of which only the value of a variable can tell what an operation costs. */
const PRICED_TYPES: ReadonlySet<string> = new Set(['Int', 'Boolean']);

/** Prices the operations of valid documents, each with the defaults of its variables. */
export function operationCosts(
  schema: GraphQLSchema,
  documents: readonly CheckedManifestDocument[],
): readonly OperationCostReport[] {
  const engine = createEngine({
    schema,
    copiesRows: true,
    maxCost: Number.MAX_SAFE_INTEGER,
    maxResponseBytes: 0,
  });
  const prepareText = createPrepareText(engine, schema);
  return documents.flatMap(({ id, text, operations }) =>
    operations.map((operation) => {
      const name = operation.name?.value;
      const prepared = prepareText({ query: text, operationName: name, variables: {} });
      const refusal = 'cost' in prepared ? prepared.refusal : prepared;
      if (refusal !== undefined || !('cost' in prepared)) {
        return { id, name, cost: undefined, problem: refusal?.[0]?.message };
      }
      const cost = dependsOnVariables(operation) ? undefined : prepared.cost;
      return { id, name, cost, problem: undefined };
    }),
  );
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
