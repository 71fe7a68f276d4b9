import { type ExecutionArgs, getOperationAST, Kind } from 'graphql';

/** The most nulls that are written. A document's fields can share one list of representations, and so multiply it. */
const MAX_NULLS = 100_000;

/**
 * Returns data with null for each entity that a refused operation of a router asks for; undefined for other operations.
 * Some routers lose the error's code in a response without data, and others crash.
 */
export function nullEntities(args: ExecutionArgs): Uint8Array<ArrayBuffer> | undefined {
  const { selections = [] } = getOperationAST(args.document, args.operationName)?.selectionSet ?? {};
  const fields: string[] = [];
  let nulls = 0;
  for (const selection of selections) {
    if (selection.kind !== Kind.FIELD || selection.name.value !== '_entities') return undefined;
    const [value] = selection.arguments?.map((argument) => argument.value) ?? [];
    const sent = value?.kind === Kind.VARIABLE ? args.variableValues?.[value.name.value] : undefined;
    const entities = Array.isArray(sent) ? sent : value?.kind === Kind.LIST ? value.values : [];
    nulls += entities.length;
    if (nulls > MAX_NULLS) return undefined;
    const key = (selection.alias ?? selection.name).value;
    fields.push(`${JSON.stringify(key)}:[${Array(entities.length).fill('null').join()}]`);
  }
  return fields.length === 0 ? undefined : Buffer.from(`{"data":{${[...new Set(fields)].join()}}}`);
}
