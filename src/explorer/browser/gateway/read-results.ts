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
