import { GatewayError } from '../../errors/gateway-error.ts';
import { isObject, parseInputJson } from '../../json/parse-json.ts';
import {
  badRequest,
  ID_PARAMETERS,
  readDocument,
  typeOf,
} from '../../operations/documents/requested-document.ts';
import type { OperationRequest } from '../../operations/operation-request.ts';

const PARAMETERS = ['query', 'variables', 'operationName', 'extensions', ...ID_PARAMETERS];

/** What a client sent, or a BAD_REQUEST that says what is wrong with it, in the words of GraphQL Yoga. */
export type ReadRequest = OperationRequest | GatewayError;

/** Reads a POST. @param body a JSON text */
export const readGraphqlPost = (body: string): ReadRequest => read(parseInputJson, body);

/** Reads a GET. @param search the query string, without its question mark */
export const readGraphqlGet = (search: string): ReadRequest => read(parseSearch, search);

/** Reads parameters, which may be anything. */
export const readGraphqlPayload = (json: unknown): ReadRequest => read((parameters) => parameters, json);

function read<Sent>(parse: (sent: Sent) => unknown, sent: Sent): ReadRequest {
  try {
    return requestOf(parse(sent));
  } catch (error) {
    if (error instanceof GatewayError) return error;
    return badRequest('The request contains invalid JSON.');
  }
}

/** Of parameters that are given twice the first counts, empty ones are absent, and unknown ones are ignored. */
function parseSearch(search: string): Readonly<Record<string, unknown>> {
  const texts = new URLSearchParams(search);
  const parameters: Record<string, unknown> = {};
  for (const name of PARAMETERS) {
    const text = texts.get(name) ?? '';
    if (text === '') continue;
    parameters[name] = name === 'variables' || name === 'extensions' ? parseInputJson(text) : text;
  }
  return parameters;
}

/** @throws GatewayError `BAD_REQUEST` */
function requestOf(json: unknown): OperationRequest {
  if (Array.isArray(json)) throw badRequest('Batching is not supported.');
  if (!isObject(json)) throw badRequest(`Expected params to be an object but given ${typeOf(json)}.`);
  for (const name in json) {
    if ((json[name] ?? null) === null || PARAMETERS.includes(name)) continue;
    throw badRequest(`Unexpected parameter "${name}" in the request body.`);
  }
  const document = readDocument(json);
  const variables = objectOf(json, 'variables') ?? {};
  objectOf(json, 'extensions');
  const { operationName = null } = json;
  if (operationName !== null && typeof operationName !== 'string') {
    throw badRequest('Expected "operationName" param to be a string.');
  }
  // By GraphQL over HTTP, an empty name is as good as none in a GET; so it is in a POST.
  return { document, variables, operationName: operationName || undefined };
}

function objectOf(json: Readonly<Record<string, unknown>>, name: string) {
  const value = json[name] ?? undefined;
  if (value === undefined || isObject(value)) return value;
  throw badRequest(`Expected "${name}" param to be empty or an object, but given ${typeOf(value)}.`);
}
