/**
 * Yields the results of an event stream as JSON until it is complete, by the protocol of `graphql-sse`.
 *
 * @param onChunk called for all that is received, heartbeats included
 * @throws Error if the stream ends before it is complete
 */
export async function* readResults(
  body: ReadableStream<Uint8Array<ArrayBuffer>>,
  onChunk: () => void,
): AsyncGenerator<string, void> {
  let text = '';
  // Not by `for await`, which Safari doesn't support for streams.
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    onChunk();
    const blocks = (text + chunk.value).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      if (/^event: complete$/m.test(block)) return;
      const [, json] = /^event: next\ndata: (.*)$/m.exec(block) ?? [];
      if (json !== undefined) yield json;
    }
  }
  throw new Error('The stream ended early.');
}
