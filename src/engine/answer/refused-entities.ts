import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../cost/price-arguments.ts';

/** More nulls than a request has room for representations: fields that share a list could ask for any number. */
const MAX_NULLS = 100_000;

/**
 * Returns data with null for each entity that a refused operation of a router asks for; undefined for other operations.
 * Some routers lose the error's code in an answer without data, and others crash.
 */
export function nullEntities(
  { selectionSet }: OperationDefinitionNode,
  variables: Variables,
): Uint8Array<ArrayBuffer> | undefined {
  const fields: string[] = [];
  let nulls = 0;
  for (const selection of selectionSet.selections) {
    if (selection.kind !== Kind.FIELD || selection.name.value !== '_entities') return undefined;
    const [value] = selection.arguments?.map((argument) => argument.value) ?? [];
    const sent = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    const entities = Array.isArray(sent) ? sent : value?.kind === Kind.LIST ? value.values : [];
    nulls += entities.length;
    if (nulls > MAX_NULLS) return undefined;
    const key = (selection.alias ?? selection.name).value;
    fields.push(`${JSON.stringify(key)}:[${Array(entities.length).fill('null').join()}]`);
  }
  return fields.length === 0 ? undefined : Buffer.from(`{"data":{${[...new Set(fields)].join()}}}`);
}
