/** What a gateway sends over a stream of events; a comment tells that the stream is alive. */
export type StreamPart = { readonly type: 'comment' } | StreamEvent;

interface StreamEvent {
  readonly type: 'event';
  /** Such as `next` or `complete`. */
  readonly name: string;
  readonly data: string;
}

const BLANK_LINE = /\r?\n\r?\n/;

/** Reads server-sent events. What is cut off at the end of the stream is dropped. */
export async function* readEventStream(
  body: AsyncIterable<Uint8Array>,
): AsyncGenerator<StreamPart, undefined> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    const blocks = text.split(BLANK_LINE);
    text = blocks.pop() ?? '';
    for (const block of blocks) yield partOf(block);
  }
}

function partOf(block: string): StreamPart {
  let name = 'message';
  const data: string[] = [];
  let isComment = true;
  for (const line of block.split(/\r?\n/)) {
    const [, field = '', value = ''] = /^([^:]*)(?:: ?(.*))?$/.exec(line) ?? [];
    if (field !== '') isComment = false;
    if (field === 'event') name = value;
    if (field === 'data') data.push(value);
  }
  return isComment ? { type: 'comment' } : { type: 'event', name, data: data.join('\n') };
}
