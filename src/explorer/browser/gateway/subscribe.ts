import type { Document } from '../documents/runs.ts';
import { ApiError, unreachable } from './api-error.ts';
import { type Answer, answerIn, send } from './request.ts';

/** Milliseconds without anything, not even a heartbeat, after which a stream counts as lost. */
const MAX_SILENCE_MS = 40_000;

/**
 * Yields the answers of a subscription until it is complete. Throws an ApiError if its stream breaks.
 *
 * @param signal ends it
 * @param onOpen called when it has begun
 */
export async function* subscribe<Data, Variables>(
  document: Document<Data, Variables>,
  variables: Variables,
  signal: AbortSignal,
  onOpen?: () => void,
): AsyncGenerator<Answer<Data | null>> {
  const silence = new AbortController();
  let heardAt = Date.now();
  // By the clock, which goes on while a computer sleeps, as timers don't.
  const timer = setInterval(() => {
    if (Date.now() - heardAt > MAX_SILENCE_MS) silence.abort();
  }, 1000);
  try {
    const ended = AbortSignal.any([signal, silence.signal]);
    const response = await send(document, variables, { accept: 'text/event-stream', signal: ended });
    if (response.body === null || !response.headers.get('content-type')?.includes('text/event-stream')) {
      await answerIn(response);
      return;
    }
    onOpen?.();
    let text = '';
    // Not by `for await`, which streams of Safari don't have.
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      heardAt = Date.now();
      const blocks = (text + value).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        if (block.startsWith('event: complete')) return;
        const [, data] = /^event: next\ndata: (.*)$/.exec(block) ?? [];
        // oxlint-disable-next-line no-restricted-properties -- Strings and numbers of one's own browser.
        if (data !== undefined) yield { data: null, errors: [], ...JSON.parse(data) };
      }
    }
    throw unreachable('The stream has no end.');
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof ApiError ? error : unreachable(error);
  } finally {
    clearInterval(timer);
    silence.abort();
  }
}
