import { type ResponseError, ApiError } from '../../client/api-error.ts';
import { streamResults } from '../../client/event-stream.ts';
import { whyUnreachable } from '../../errors/connection-failures.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import { readRetryAfter } from '../../upstream/http/retry-after.ts';
import type { ListConfig } from './list-settings.ts';

const GATEWAY = { server: 'the gateway', address: '--url', authority: 'NODE_EXTRA_CA_CERTS' };

interface ExecutionResult<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly ResponseError[];
}
interface ExecuteOptions {
  /** Called when the gateway has accepted the operation. */
  readonly onOpen?: () => void;
  /** Whether any error fails the operation, also an error beside data. */
  readonly isWhole?: boolean;
}
type Whole<Data> = { readonly [Field in keyof Data]: NonNullable<Data[Field]> };

/**
 * Yields the data of each result of an operation: one for a query, any number for a subscription.
 *
 * @throws ApiError if the gateway refuses or can't be reached, and for a response without data; its message is for the user
 */
export async function* execute<Data>(
  { url, token, project, projectId, agentId, statuses }: ListConfig,
  query: string,
  variables: object,
  { onOpen, isWhole = false }: ExecuteOptions = {},
): AsyncGenerator<Whole<Data>, void> {
  const open = (signal: AbortSignal): Promise<Response> =>
    fetch(url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(project !== undefined && { 'x-project': project }),
        ...(projectId !== undefined && { 'x-project-id': projectId }),
      },
      body: JSON.stringify({ query, variables: { agentId, statuses: statuses?.split(','), ...variables } }),
      signal,
    });
  try {
    for await (const json of streamResults(open, refusalOf, onOpen))
      yield dataOf<Data>(Object(parseInputJson(json)), isWhole);
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const message = whyUnreachable(Object(error).cause ?? error, GATEWAY);
    throw new ApiError({ message, extensions: { retryable: true } });
  }
}

/** Returns the error of a response that is no event stream. Proxies answer 502 or 503 while the gateway restarts. */
async function refusalOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const { errors: [error] = [] }: ExecutionResult<unknown> = await response.json().catch(() => ({}));
  const retryable = status === 429 || status >= 500;
  const retryAfterSeconds = (readRetryAfter(Object.fromEntries(headers)) ?? 0) / 1000;
  if (error !== undefined) {
    const message = `${textOf(error)}${status === 401 ? '. Set ACCESS_TOKEN' : ''}`;
    return new ApiError({ message, extensions: { retryable, retryAfterSeconds, ...error.extensions } });
  }
  const type = headers.get('content-type') ?? 'no type';
  const message = retryable
    ? `a proxy, or another server, answered ${status} in place of the gateway`
    : `is not the GraphQL of a gateway: it answered ${status} with ${type}. Correct ${GATEWAY.address}: its path is /graphql, if no other is configured`;
  return new ApiError({ message, extensions: { retryable, retryAfterSeconds } });
}

/** @throws ApiError for a result with an error, or without data */
function dataOf<Data>(
  { data, errors: [error] = [] }: ExecutionResult<Whole<Data>>,
  isWhole: boolean,
): Whole<Data> {
  const isRead = data !== undefined && data !== null && !Object.values(data).includes(null);
  if (isRead && !(isWhole && error !== undefined)) return data;
  throw new ApiError({
    message: error === undefined ? 'got an answer without data' : textOf(error),
    extensions: error?.extensions ?? {},
  });
}

function textOf({ message, extensions: { code } = {} }: ResponseError): string {
  return `${message.replace(/\.$/, '')}${code === undefined ? '' : ` (${code})`}`;
}
