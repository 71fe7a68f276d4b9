import type { Document } from '../documents/runs.ts';
import { ApiError, unreachable } from './api-error.ts';
import { readResults } from './read-results.ts';
import { type Answer, answerIn, send } from './request.ts';

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
