import {
  type GraphQLArgument,
  type GraphQLField,
  Kind,
  type OperationDefinitionNode,
  type ValueNode,
} from 'graphql';
import { isObject } from '../../json/parse-json.ts';
import type { MergedField } from '../documents/merge-selections.ts';

/** The variables of a request as sent: neither coerced nor validated. */
export type Variables = Readonly<Record<string, unknown>>;

/**
 * Reads the value of an argument, limited to what costs need: numbers, lists for their lengths, and
 * `true` for other literals. Undefined if the argument is not given, null if it is null.
 */
export type ReadArgument = (field: MergedField, argument: string, variables: Variables) => unknown;

export function createReadArgument({ variableDefinitions = [] }: OperationDefinitionNode): ReadArgument {
  const defaults = new Map(
    variableDefinitions.map(({ variable, defaultValue }) => [variable.name.value, defaultValue]),
  );
  const read = (value: ValueNode | undefined, variables: Variables): unknown => {
    if (value?.kind === Kind.INT) return Number(value.value);
    if (value?.kind === Kind.LIST) return value.values;
    if (value === undefined) return undefined;
    if (value.kind === Kind.NULL) return null;
    if (value.kind !== Kind.VARIABLE) return true;
    const name = value.name.value;
    return Object.hasOwn(variables, name) ? variables[name] : read(defaults.get(name), variables);
  };
  return ({ nodes: [node] }, argument, variables) =>
    read(node.arguments?.find(({ name }) => name.value === argument)?.value, variables);
}

export type DirectiveArguments = Readonly<Record<string, unknown>>;

/** Returns the arguments of a directive as the schema builder stores them. */
export function directive(
  { extensions }: Pick<GraphQLField<unknown, unknown>, 'extensions'> | GraphQLArgument,
  name: string,
): DirectiveArguments | undefined {
  const { directives } = extensions;
  if (!Array.isArray(directives)) return undefined;
  const found: unknown = directives.find((each: { name?: unknown }) => each.name === name);
  return isObject(found) && isObject(found['args']) ? found['args'] : undefined;
}
