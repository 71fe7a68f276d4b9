import { Kind, type OperationDefinitionNode, type ValueNode } from 'graphql';
import type { MergedField } from './merge-selections.ts';

/** The variables of a request as they came: not coerced, and right only if they are executed. */
export type Variables = Readonly<Record<string, unknown>>;

/** Reads what a request gives for an argument, as far as numbers and lengths of lists go. */
export type ReadArgument = (field: MergedField, argument: string, variables: Variables) => unknown;

export function createReadArgument({ variableDefinitions = [] }: OperationDefinitionNode): ReadArgument {
  const defaults = new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const read = (value: ValueNode | undefined, variables: Variables): unknown => {
    switch (value?.kind) {
      case Kind.INT:
        return Number(value.value);
      case Kind.LIST:
        return value.values;
      case Kind.VARIABLE: {
        const name = value.name.value;
        return Object.hasOwn(variables, name) ? variables[name] : read(defaults.get(name), variables);
      }
      default:
        return undefined;
    }
  };
  return ({ nodes: [node] }, argument, variables) =>
    read(node.arguments?.find(({ name }) => name.value === argument)?.value, variables);
}
