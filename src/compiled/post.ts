/** A request for GraphQL in the body of a POST, with nothing about it that is out of the ordinary. */
export interface GraphqlPost {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Reads a POST of JSON. Undefined for anything that isn't plain and right: what is wrong with it is
 * for others to say.
 */
export function readPost(body: string): GraphqlPost | undefined {
  const json = parse(body);
  if (!isObject(json)) return undefined;
  if (!Object.keys(json).every((key) => KNOWN_KEYS.has(key))) return undefined;
  const { query, variables = null, operationName = null, extensions = null } = json;
  if (typeof query !== 'string' || extensions !== null) return undefined;
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
