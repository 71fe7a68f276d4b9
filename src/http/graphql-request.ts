import type { EngineRequest } from '../engine/index.ts';

const KNOWN_KEYS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

// Each reads a request that is plain and right. Undefined for any other: Yoga says what is wrong.

/** @param body of a POST of JSON */
export function readGraphqlPost(body: string): EngineRequest | undefined {
  const json = parse(body);
  return isObject(json) ? readParameters(json) : undefined;
}

/** @param search of the address of a GET, without its question mark */
export function readGraphqlGet(search: string): EngineRequest | undefined {
  // What is behind it is no part of the search.
  if (search.includes('#')) return undefined;
  const texts = new URLSearchParams(search);
  const parameters: Record<string, unknown> = {};
  for (const [key, text] of texts) {
    if (Object.hasOwn(parameters, key)) return undefined;
    // Empty ones count as absent.
    const isJson = key === 'variables' || key === 'extensions';
    parameters[key] = text === '' ? null : isJson ? parse(text) : text;
    if (parameters[key] === undefined) return undefined;
  }
  return readParameters(parameters);
}

function readParameters(json: Record<string, unknown>): EngineRequest | undefined {
  if (!Object.keys(json).every((key) => KNOWN_KEYS.has(key))) return undefined;
  const { query, variables = null, operationName = null, extensions = null } = json;
  if (typeof query !== 'string') return undefined;
  if (extensions !== null && !isObject(extensions)) return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
