import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../cost/read-argument.ts';

/** More than representations of runs fit into a request. Fields that share a list could ask for any number of nulls. */
const MAX_NULLS = 100_000;

/**
 * Returns the data of an operation of a router that is refused: null in the place of each entity. An answer without
 * data has another HTTP status than 200, or data that is null, and there are routers that lose the error's code by
 * the one, or end by the other. Undefined for other operations, and for more nulls than a router can mean.
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
    const given = value?.kind === Kind.VARIABLE ? variables[value.name.value] : undefined;
    const entities = Array.isArray(given) ? given : value?.kind === Kind.LIST ? value.values : [];
    nulls += entities.length;
    if (nulls > MAX_NULLS) return undefined;
    const key = (selection.alias ?? selection.name).value;
    fields.push(`${JSON.stringify(key)}:[${Array(entities.length).fill('null').join()}]`);
  }
  return Buffer.from(`{"data":{${[...new Set(fields)].join()}}}`);
}
