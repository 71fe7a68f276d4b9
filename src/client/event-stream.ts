/** Milliseconds without data or a heartbeat after which a stream counts as lost. */
const MAX_SILENCE_MS = 40_000;

/**
 * Opens an event stream, and yields its results as JSON until it is complete, by the protocol of `graphql-sse`.
 *
 * @param open sends the operation; its signal ends the request
 * @param refusal returns the error of a response that is no event stream
 * @param onOpen called once, before the first result
 * @throws Error also if the stream ends before it is complete, or is silent for 40 seconds
 */
export async function* streamResults(
  open: (signal: AbortSignal) => Promise<Response>,
  refusal: (response: Response) => Promise<Error>,
  onOpen?: () => void,
): AsyncGenerator<string, void> {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const restartTimer = (): void => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(new Error('nothing received')), MAX_SILENCE_MS);
  };
  try {
    restartTimer();
    const response = await open(silence.signal);
    const isStream = response.headers.get('content-type')?.startsWith('text/event-stream');
    if (!isStream || response.body === null) throw await refusal(response);
    onOpen?.();
    yield* readResults(response.body, restartTimer);
  } finally {
    clearTimeout(timer);
    silence.abort();
  }
}

/**
 * Yields the results of an event stream as JSON until it is complete.
 *
 * @param onChunk called for all that is received, heartbeats included
 */
async function* readResults(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onChunk: () => void,
): AsyncGenerator<string, void> {
  // An event of megabytes comes in many pieces: they are joined once, when it has ended.
  let pieces: string[] = [];
  // Not by `for await`, which Safari doesn't support for streams.
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    onChunk();
    pieces.push(chunk.value);
    if (!pieces.slice(-2).join('').includes('\n\n')) continue;
    const blocks = pieces.join('').split('\n\n');
    pieces = [blocks.pop() ?? ''];
    for (const block of blocks) {
      if (/^event: complete$/m.test(block)) return;
      const [, json] = /^event: next\ndata: (.*)$/m.exec(block) ?? [];
      if (json !== undefined) yield json;
    }
  }
  throw new Error('The stream ended early.');
}
