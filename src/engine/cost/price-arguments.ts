import { Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import type { MergedField } from '../documents/merge-selections.ts';

/** The variables of a request as sent: neither coerced nor validated. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads the value of an argument, limited to what costs need: numbers, lists for their lengths, and
 * `true` for other literals. Undefined if the argument is not given, null if it is null.
 */
export type ReadArgument = (field: MergedField, argument: string) => unknown;

export function createReadArgument(operation: OperationDefinitionNode, variables: Variables): ReadArgument {
  const { variableDefinitions = [] } = operation;
  const read = (value: ValueNode | undefined): unknown => {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind === Kind.LIST) return value.values;
    if (value === undefined) return undefined;
    if (value.kind === Kind.NULL) return null;
    if (value.kind !== Kind.VARIABLE) return true;
    const name = value.name.value;
    if (Object.hasOwn(variables, name)) return variables[name];
    return read(variableDefinitions.find(({ variable }) => variable.name.value === name)?.defaultValue);
  };
  return ({ nodes: [node] }, argument) =>
    read(node.arguments?.find(({ name }) => name.value === argument)?.value);
}
