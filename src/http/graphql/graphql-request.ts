import { GraphQLError } from 'graphql';
import { ID_PARAMETERS, readDocument } from '../../graphql/documents/requested-document.ts';
import type { OperationRequest } from '../../graphql/operation-request.ts';
import { parseInputJson } from '../../json/parse-json.ts';

const KNOWN_KEYS: ReadonlySet<string> = new Set([
  'query',
  'variables',
  'operationName',
  'extensions',
  ...ID_PARAMETERS,
]);

// Both return undefined for a request that is not plain or not valid: Yoga reports the error.

/** Reads a POST. @param body a JSON text */
export function readGraphqlPost(body: string): OperationRequest | undefined {
  return readGraphqlPayload(parse(body));
}

/** Reads the payload of a message, or the body of a POST. @param json anything */
export function readGraphqlPayload(json: unknown): OperationRequest | undefined {
  return isObject(json) ? readParameters(json) : undefined;
}

/** Reads a GET. @param search the query string, without its question mark */
export function readGraphqlGet(search: string): OperationRequest | undefined {
  // A fragment is not part of the query string.
  if (search.includes('#')) return undefined;
  const texts = new URLSearchParams(search);
  const parameters: Record<string, unknown> = {};
  for (const [key, text] of texts) {
    if (Object.hasOwn(parameters, key)) return undefined;
    // An empty parameter counts as absent.
    const isJson = key === 'variables' || key === 'extensions';
    parameters[key] = text === '' ? null : isJson ? parse(text) : text;
    if (parameters[key] === undefined) return undefined;
  }
  return readParameters(parameters);
}

function readParameters(json: Record<string, unknown>): OperationRequest | undefined {
  if (!Object.keys(json).every((key) => KNOWN_KEYS.has(key))) return undefined;
  const { variables = null, operationName = null, extensions = null } = json;
  const document = readDocument(json);
  if (document === undefined || document instanceof GraphQLError) return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  // By GraphQL over HTTP, an empty name is as good as none in a GET; so it is in a POST.
  return { document, variables: variables ?? {}, operationName: operationName || undefined };
}

function parse(body: string): unknown {
  try {
    return parseInputJson(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
