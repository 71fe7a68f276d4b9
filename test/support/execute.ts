import type { Gateway } from '../../src/gateway-options.ts';

export type Headers = Readonly<Record<string, string>>;

export interface Answer<Data> {
  readonly data?: Data;
  readonly errors?: readonly {
    readonly message: string;
    readonly path?: readonly (string | number)[];
    readonly extensions?: Readonly<Record<string, unknown>>;
  }[];
}

/** Sends an operation through the gateway's front door and reads the answer. */
export async function execute<Data>(
  gateway: Gateway,
  query: string,
  variables?: object,
  headers?: Headers,
): Promise<Answer<Data>> {
  return JSON.parse(await post(gateway, { query, variables }, headers));
}

/** Sends a body to the front door, as JSON or a text as it is, and gives the text of what comes back. */
export async function post(
  gateway: Pick<Gateway, 'fetch'>,
  body: string | object,
  headers?: Headers,
  signal: AbortSignal | null = null,
): Promise<string> {
  return (await gateway.fetch(graphqlRequest(body, headers, { signal }))).text();
}

/** A POST to the front door. */
export function graphqlRequest(body: string | object, headers?: Headers, more: RequestInit = {}): Request {
  return new Request('http://gateway/graphql', { ...jsonPost(body, headers), ...more });
}

/** A POST of JSON, or of a text as it is. */
export function jsonPost(body: string | object, headers: Headers = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body: text };
}
