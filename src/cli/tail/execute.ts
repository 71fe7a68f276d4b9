import { type AnswerError, ApiError } from '../../explorer/browser/gateway/api-error.ts';
import { readResults } from '../../explorer/browser/gateway/read-results.ts';
import { parseInputJson } from '../../json/parse-json.ts';
import type { ListConfig } from './settings.ts';

interface ExecutionResult<Data> {
  readonly data?: Data | null;
  readonly errors?: readonly AnswerError[];
}

/** Milliseconds without data or a heartbeat after which a stream counts as lost. */
const MAX_SILENCE_MS = 40_000;

/**
 * Yields the data of each result of an operation: one for a query, any number for a subscription.
 *
 * @param onOpen called when the gateway has accepted the operation
 * @throws ApiError if the gateway refuses or can't be reached, and for an answer without data; its message is for the user
 */
export async function* execute<Data>(
  { url, token, project, projectId, agentId, statuses }: ListConfig,
  query: string,
  variables: object,
  onOpen?: () => void,
): AsyncGenerator<Data, void> {
  const silence = new AbortController();
  const timer = setTimeout(() => silence.abort(new Error('nothing received')), MAX_SILENCE_MS);
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(project !== undefined && { 'x-project': project }),
        ...(projectId !== undefined && { 'x-project-id': projectId }),
      },
      body: JSON.stringify({ query, variables: { agentId, statuses: statuses?.split(','), ...variables } }),
      signal: silence.signal,
    });
    const { status, headers, body } = response;
    if (!headers.get('content-type')?.startsWith('text/event-stream') || body === null) {
      // A proxy answers by 502 or 503 while the gateway is restarted.
      const retryable = status === 429 || status >= 500;
      const hint = status === 401 ? '; is ACCESS_TOKEN right?' : '';
      const text = (await response.text()).slice(0, 300);
      throw new ApiError({ message: `got status ${status}${hint}: ${text}`, extensions: { retryable } });
    }
    onOpen?.();
    for await (const json of readResults(body, () => timer.refresh()))
      yield dataOf(Object(parseInputJson(json)));
  } catch (error) {
    if (error instanceof ApiError) throw error;
    const { message, code }: NodeJS.ErrnoException = Object(Object(error).cause ?? error);
    throw new ApiError({ message: message || code || String(error), extensions: { retryable: true } });
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/** @throws ApiError for a result with an error, or without data */
function dataOf<Data>({ data, errors: [error] = [] }: ExecutionResult<Data>): Data {
  if (data !== undefined && data !== null && !Object.values(data).includes(null)) return data;
  const { message, extensions = {} }: AnswerError = { message: 'got an answer without data', ...error };
  throw new ApiError({ message: `${message.replace(/\.$/, '')} (${extensions.code})`, extensions });
}
