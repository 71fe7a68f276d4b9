import { Kind, type OperationDefinitionNode } from 'graphql';
import type { Variables } from '../cost/read-argument.ts';

/** More than representations of runs fit into a request. Fields that share a list could ask for any number of nulls. */
const MAX_NULLS = 100_000;

/**
 * Returns null for each entity that a router asks for by a refused operation; undefined for other operations. Of an
 * answer without data, some routers lose the error's code, and others crash.
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
  return Buffer.from(`{"data":{${[...new Set(fields)].join()}}}`);
}
