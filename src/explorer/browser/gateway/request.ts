import { type ResponseError, ApiError, unreachable } from '../../../client/api-error.ts';
import type { Document } from '../documents/runs.ts';
import { exactNumber } from '../format/text.ts';
import { ENDPOINT } from '../page-options.ts';

const TOKEN_KEY = 'runs-gateway: access token';
let lastToken: string | undefined;

/** The token that the gateway accepted last, kept as long as the browser's tab. */
export const accessToken = {
  get(): string | undefined {
    return (lastToken ??= inStorage((storage) => storage.getItem(TOKEN_KEY)) ?? undefined);
  },
  set(token: string): void {
    lastToken = token;
    inStorage((storage) => storage.setItem(TOKEN_KEY, token));
  },
};

/** Calls a function with the storage. Some browsers are set to store nothing: then the token lasts as long as the page. */
function inStorage<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

interface RequestOptions {
  readonly accept?: string;
  /** The token to send. @default the token that the gateway accepted last */
  readonly token?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a document by `fetch`. @throws ApiError if no server answers */
export async function send<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  { accept = 'application/json', token = accessToken.get(), signal }: RequestOptions = {},
): Promise<Response> {
  try {
    return await fetch(ENDPOINT, {
      method: 'POST',
      headers: {
        accept,
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document.text, variables }),
      signal: signal ?? null,
    });
  } catch (error) {
    signal?.throwIfAborted();
    throw unreachable(error);
  }
}

export interface GraphQLResult<Data> {
  readonly data: Data | null;
  readonly errors: readonly ResponseError[];
}

/** Returns the result in the body of a response. @throws ApiError if the body is no result of GraphQL */
export async function readResult<Data>(response: Response): Promise<GraphQLResult<Data>> {
  const { data = null, errors = [] }: Partial<GraphQLResult<Data>> = await response
    .text()
    // oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
    .then((text) => Object(JSON.parse(text, exactWhole)))
    .catch(() => ({}));
  if (data !== null || errors.length > 0) return { data, errors };
  const { status, headers } = response;
  throw new ApiError({
    message: `A proxy answered with status ${status}${status < 500 ? '' : ': it can’t reach the gateway'}.`,
    extensions: {
      code: 'PROXY_ERROR',
      retryable: true,
      ...(status === 429 && { retryAfterSeconds: Number(headers.get('retry-after')) || 10 }),
    },
  });
}

/** Keeps the digits of whole numbers that would be rounded, such as ids in metadata, except of durations. */
const exactWhole = (...[key, value, context]: readonly unknown[]): unknown => {
  const isRounded = Number.isInteger(value) && !Number.isSafeInteger(value) && !String(key).endsWith('Ns');
  return isRounded && Object(context).source !== undefined ? exactNumber(key, value, context) : value;
};
