import type { TypedDocumentString } from './__generated__/graphql.ts';

/** An error with the code that the gateway gave it. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError' as const;
  readonly code: string;
  /** Seconds to wait before trying again, if the upstream said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, code: string, retryAfterSeconds?: number) {
    super(message);
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

export function hasCode(error: unknown, code: string): error is GatewayError {
  return error instanceof GatewayError && error.code === code;
}

interface Answer<TData> {
  readonly data?: TData | null;
  readonly errors?: readonly {
    readonly message: string;
    readonly extensions?: { readonly code?: string; readonly retryAfterSeconds?: number };
  }[];
}

/**
 * Sends a query.
 *
 * @param byId whether to send its id, which is in `__generated__/persisted-documents.json`, and no text
 * @throws GatewayError if any part of it failed
 */
export async function request<TData, TVariables>(
  url: string,
  query: TypedDocumentString<TData, TVariables>,
  variables: TVariables,
  { byId = false } = {},
): Promise<TData> {
  const document = byId ? { documentId: query.__meta__?.['hash'] } : { query };
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json' },
    body: JSON.stringify({ ...document, variables }),
  });
  const { data, errors }: Answer<TData> = JSON.parse(await response.text());
  if (errors?.[0] !== undefined || data === undefined || data === null) {
    const { message, extensions } = errors?.[0] ?? { message: `HTTP status ${response.status}` };
    throw new GatewayError(message, extensions?.code ?? 'UNKNOWN', extensions?.retryAfterSeconds);
  }
  return data;
}
