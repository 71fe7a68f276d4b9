import {
  coerceInputValue,
  type GraphQLSchema,
  isInputType,
  isNonNullType,
  typeFromAST,
  type VariableDefinitionNode,
  valueFromAST,
} from 'graphql';
import { NotCompilable } from './compile-values.ts';

/** Coerces the variables of a request; null where one is wrong: the reference executor says how. */
export type CoerceVariables = (inputs: Readonly<Record<string, unknown>>) => Record<string, unknown> | null;

/** @throws NotCompilable */
export function compileVariables(
  schema: GraphQLSchema,
  definitions: readonly VariableDefinitionNode[],
): CoerceVariables {
  const variables = definitions.map((definition) => {
    const name = definition.variable.name.value;
    const type = typeFromAST(schema, definition.type);
    if (!isInputType(type)) throw new NotCompilable(`$${name}`);
    return { name, type, fallback: definition.defaultValue && valueFromAST(definition.defaultValue, type) };
  });
  return (inputs) => {
    // Without a prototype: names of variables come from anybody.
    const coerced: Record<string, unknown> = Object.create(null);
    let isWrong = false;
    for (const { name, type, fallback } of variables) {
      if (Object.hasOwn(inputs, name)) {
        const value = inputs[name];
        if (value === null && isNonNullType(type)) return null;
        coerced[name] = coerceInputValue(value, type, () => {
          isWrong = true;
        });
      } else if (fallback !== undefined) {
        coerced[name] = fallback;
      } else if (isNonNullType(type)) {
        return null;
      }
    }
    return isWrong ? null : coerced;
  };
}
