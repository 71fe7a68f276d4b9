import type { GraphQLArgument, GraphQLField } from 'graphql';

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

function isObject(value: unknown): value is DirectiveArguments {
  return typeof value === 'object' && value !== null;
}
