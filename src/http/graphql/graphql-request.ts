import { GraphQLError } from 'graphql';
import { ID_PARAMETERS, readDocument } from '../../graphql/documents/requested-document.ts';
import type { OperationRequest } from '../../graphql/operation-request.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';

const PARAMETERS = ['query', 'variables', 'operationName', 'extensions', ...ID_PARAMETERS];

/** Returns the parameters of a POST, which may be anything. @throws SyntaxError */
export const parseGraphqlPost = parseInputJson;

/**
 * Returns the parameters of a GET. Of those that are given twice the first counts, empty ones are absent, and unknown
 * ones are ignored.
 *
 * @param search the query string, without its question mark
 * @throws SyntaxError
 */
export function parseGraphqlGet(search: string): Readonly<Record<string, unknown>> {
  const texts = new URLSearchParams(search);
  const parameters: Record<string, unknown> = {};
  for (const name of PARAMETERS) {
    const text = texts.get(name) ?? '';
    if (text === '') continue;
    parameters[name] = name === 'variables' || name === 'extensions' ? parseInputJson(text) : text;
  }
  return parameters;
}

/** Reads parameters, which may be anything. @returns undefined if they are not valid */
export function readGraphqlPayload(json: unknown): OperationRequest | undefined {
  if (!isObject(json)) return undefined;
  for (const name in json) if ((json[name] ?? null) !== null && !PARAMETERS.includes(name)) return undefined;
  const { variables = null, operationName = null, extensions = null } = json;
  const document = readDocument(json);
  if (document === undefined || document instanceof GraphQLError) return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  // By GraphQL over HTTP, an empty name is as good as none in a GET; so it is in a POST.
  return { document, variables: variables ?? {}, operationName: operationName || undefined };
}

/** Reads a POST. @param body a JSON text */
export function readGraphqlPost(body: string): OperationRequest | undefined {
  return read(() => parseGraphqlPost(body));
}

/** Reads a GET. @param search the query string, without its question mark */
export function readGraphqlGet(search: string): OperationRequest | undefined {
  return read(() => parseGraphqlGet(search));
}

function read(parse: () => unknown): OperationRequest | undefined {
  try {
    return readGraphqlPayload(parse());
  } catch {
    return undefined;
  }
}
