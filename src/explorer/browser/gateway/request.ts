import type { Document } from '../documents/runs.ts';
import { ROOT } from '../router.ts';
import { type AnswerError, ApiError, unreachable } from './api-error.ts';

/** What the gateway says of itself in the page. */
export const options: {
  readonly endpoint: string;
  readonly requiresToken: boolean;
  readonly isReadOnly: boolean;
  readonly hasSampleRuns: boolean;
  // oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
} = JSON.parse(document.querySelector('#options')?.textContent ?? '{}');
/** The address of GraphQL. */
export const ENDPOINT = new URL(options.endpoint, ROOT).href;

const KEY = 'runs-gateway: access token';
let known: string | undefined;

/** The token that the gateway accepted last. It is kept as long as the browser's tab. */
export const accessToken = {
  get(): string | undefined {
    return (known ??= stored((storage) => storage.getItem(KEY)) ?? undefined);
  },
  set(token: string | undefined): void {
    known = token;
    stored((storage) => (token === undefined ? storage.removeItem(KEY) : storage.setItem(KEY, token)));
  },
};

/** Some browsers are set to store nothing: then the token lasts as long as the page. */
function stored<Result>(use: (storage: Storage) => Result): Result | undefined {
  try {
    return use(sessionStorage);
  } catch {
    return undefined;
  }
}

export interface Answer<Data> {
  readonly data: Data;
  readonly errors: readonly AnswerError[];
}

interface RequestOptions {
  readonly accept?: string;
  /** In place of the one that was accepted last. */
  readonly token?: string;
  readonly signal?: AbortSignal | undefined;
}

/** Sends a document by `fetch`. Throws an ApiError if nothing answers. */
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

/** The answer in the body of a response. Throws an ApiError if it has no data. */
export async function answerIn<Data>(response: Response): Promise<Answer<Data>> {
  const { data, errors = [] } = await response.json().catch(() => ({}));
  if (data !== undefined && data !== null) return { data, errors };
  if (errors.length > 0) throw new ApiError(errors[0]);
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

/** Sends a query or a mutation. Throws an ApiError if there is no data. */
export async function query<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  how: RequestOptions = {},
): Promise<Answer<Data>> {
  return await answerIn(await send(document, variables, how));
}
