import { type AnswerError, ApiError } from '../../client/api-error.ts';
import { streamResults } from '../../client/event-stream.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import { readRetryAfter } from '../../upstream/http/retry-after.ts';
import type { ListConfig } from './settings.ts';

interface ExecutionResult<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
}
interface ExecuteOptions {
  /** Called when the gateway has accepted the operation. */
  readonly onOpen?: () => void;
  /** Whether an error of a part is one of the whole. */
  readonly isWhole?: boolean;
}
type Whole<Data> = { readonly [Field in keyof Data]: NonNullable<Data[Field]> };

/**
 * Yields the data of each result of an operation: one for a query, any number for a subscription.
 *
 * @throws ApiError if the gateway refuses or can't be reached, and for an answer without data; its message is for the user
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
    const { message, code }: NodeJS.ErrnoException = Object(Object(error).cause ?? error);
    throw new ApiError({ message: message || code || String(error), extensions: { retryable: true } });
  }
}

/** Returns the error of a response that is no event stream. A proxy answers by 502 or 503 while the gateway is restarted. */
async function refusalOf(response: Response): Promise<ApiError> {
  const { status, headers } = response;
  const hint = status === 401 ? '; is ACCESS_TOKEN right?' : '';
  const text = (await response.text()).slice(0, 300);
  const extensions = {
    retryable: status === 429 || status >= 500,
    retryAfterSeconds: (readRetryAfter(Object.fromEntries(headers)) ?? 0) / 1000,
  };
  return new ApiError({ message: `got status ${status}${hint}: ${text}`, extensions });
}

/** @throws ApiError for a result with an error, or without data */
function dataOf<Data>(
  { data, errors: [error] = [] }: ExecutionResult<Whole<Data>>,
  isWhole: boolean,
): Whole<Data> {
  const isRead = data !== undefined && data !== null && !Object.values(data).includes(null);
  if (isRead && !(isWhole && error !== undefined)) return data;
  const { message, extensions = {} }: AnswerError = { message: 'got an answer without data', ...error };
  throw new ApiError({ message: `${message.replace(/\.$/, '')} (${extensions.code})`, extensions });
}
