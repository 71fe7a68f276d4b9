/** A request for GraphQL in the body of a POST, with nothing about it that is out of the ordinary. */
export interface GraphqlPost {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
  readonly operationName: string | undefined;
  /** What the answer is to be, of which there are two. */
  readonly mediaType: 'application/json' | 'application/graphql-response+json';
}

const KNOWN_KEYS: ReadonlySet<string> = new Set(['query', 'variables', 'operationName', 'extensions']);

/**
 * Reads a POST of JSON. Undefined for anything that isn't plain and right: what is wrong with it,
 * or which of many media types is meant, is for others to say.
 */
export function readPost(body: string, accept: string | undefined): GraphqlPost | undefined {
  const mediaType = mediaTypeFor(accept);
  const json = parse(body);
  if (mediaType === undefined || !isObject(json)) return undefined;
  if (!Object.keys(json).every((key) => KNOWN_KEYS.has(key))) return undefined;
  const { query, variables = null, operationName = null, extensions = null } = json;
  if (typeof query !== 'string' || extensions !== null) return undefined;
  if (variables !== null && !isObject(variables)) return undefined;
  if (operationName !== null && typeof operationName !== 'string') return undefined;
  return { query, variables: variables ?? {}, operationName: operationName ?? undefined, mediaType };
}

function mediaTypeFor(accept: string | undefined): GraphqlPost['mediaType'] | undefined {
  switch (accept) {
    case undefined:
    case '*/*':
    case 'application/json':
      return 'application/json';
    case 'application/graphql-response+json':
      return accept;
    default:
      return undefined;
  }
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
