import type { EngineRequest } from '../engine/index.ts';

const KNOWN_KEYS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Reads the body of a POST of JSON. Undefined for anything that isn't plain and right: Yoga says
 * what is wrong with it.
 */
export function readGraphqlPost(body: string): EngineRequest | undefined {
  const json = parse(body);
  if (!isObject(json)) return undefined;
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
