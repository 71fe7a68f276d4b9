import type { Gateway } from '../../src/gateway-options.ts';

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
  headers: Readonly<Record<string, string>> = {},
): Promise<Answer<Data>> {
  const body = JSON.stringify({ query, variables });
  const text = await post(gateway, body, headers);
  const answer: Answer<Data> = JSON.parse(text);
  return answer;
}

/** Sends a body to the front door, and gives the text of what comes back. */
export async function post(
  gateway: Pick<Gateway, 'fetch'>,
  body: string,
  headers: Readonly<Record<string, string>> = {},
  signal?: AbortSignal,
): Promise<string> {
  const request = new Request('http://gateway/graphql', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    ...(signal !== undefined && { signal }),
  });
  return (await gateway.fetch(request)).text();
}
