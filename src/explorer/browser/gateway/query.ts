import type { Document } from '../documents/runs.ts';
import { createStore } from '../store.ts';
import { type AnswerError, ApiError, unreachable } from './api-error.ts';
import { readResults } from './read-results.ts';
import { type Answer, answerIn, send } from './request.ts';
import { askForToken, isRefused } from './token-form.ts';

/** Whether the caller may cancel and answer, as an answer has said. */
export const access = createStore({ mayWrite: false });

/**
 * Sends a query or a mutation; asks for a token and sends it again if the token was refused.
 *
 * @throws ApiError if there is no data
 */
export async function query<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal?: AbortSignal,
): Promise<{ readonly data: Data; readonly errors: readonly AnswerError[] }> {
  const attempt = async (): Promise<Answer<Data>> => answerIn(await send(document, variables, { signal }));
  let answer = await attempt();
  if (answer.errors.some(isRefused)) {
    await askForToken();
    answer = await attempt();
  }
  const { data, errors } = answer;
  if (data === null) throw new ApiError(errors[0] ?? { message: 'The gateway has no answer.' });
  const { mayWrite }: { readonly mayWrite?: unknown } = Object(data);
  if (typeof mayWrite === 'boolean') access.set({ mayWrite });
  return { data, errors };
}

/** As `query`, for one field of the data. @throws ApiError also if this field is null */
export async function queryField<Data, Variables, Name extends keyof Data>(
  document: Document<Data, Variables>,
  variables: Variables,
  name: Name,
  signal?: AbortSignal,
): Promise<NonNullable<Data[Name]>> {
  const { data, errors } = await query(document, variables, signal);
  const value = data[name];
  if (value !== null && value !== undefined) return value;
  const error = errors.find(({ path }) => path?.[0] === name);
  throw new ApiError(error ?? { message: 'The gateway has no answer.' });
}

/** Milliseconds without data or a heartbeat after which a stream counts as lost. */
const MAX_SILENCE_MS = 40_000;

/**
 * Yields the answers of a subscription until it is complete, by the protocol of `graphql-sse`.
 *
 * @param signal ends the subscription
 * @param onOpen called once, before the first answer
 * @throws ApiError if the stream breaks
 */
export async function* subscribe<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  onOpen: () => void,
): AsyncGenerator<Answer<Data>> {
  const silence = new AbortController();
  const ended = AbortSignal.any([signal, silence.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restartTimer = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), MAX_SILENCE_MS);
  };
  try {
    restartTimer();
    const response = await send(document, variables, { accept: 'text/event-stream', signal: ended });
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) {
      const { errors } = await answerIn(response);
      throw new ApiError(errors[0] ?? { message: 'The gateway sent no stream.' });
    }
    onOpen();
    for await (const json of readResults(response.body, restartTimer)) {
      // oxlint-disable-next-line no-restricted-properties -- The gateway's own text.
      yield { data: null, errors: [], ...JSON.parse(json) };
    }
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(error);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}
