import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { setTimeout as sleep } from 'node:timers/promises';
import { MAX_ERROR_BYTES } from '../operations/errors.ts';

/**
 * Returns the body of a response as a stream of Node, which those of Yoga's responses are already. A plugin may answer with
 * a stream of the platform: if that failed while it is sent, the process would end.
 */
export function nodeStreamOf({ body }: Response): Readable | null {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Yoga's types don't say so.
  const stream = body as NodeStream | Readable | null;
  return stream !== null && 'getReader' in stream ? Readable.from(chunksOf(stream)) : stream;
}

/** Milliseconds that a read under way has to settle, once the request has ended, before its stream is cancelled. */
const SETTLE_MS = 1_000;

/**
 * Reads a stream of the platform. A `Response` of Node that has the gateway's events for a body ends the process if it is
 * cancelled while its source ends: the source ends first.
 */
function chunksOf(stream: NodeStream): AsyncIterableIterator<Uint8Array> {
  const reader = stream.getReader();
  let reading: Promise<unknown> = Promise.resolve();
  return {
    async next() {
      const read = reader.read();
      reading = read;
      const { done, value } = await read;
      return done ? { done, value: undefined } : { done, value };
    },
    async return() {
      await Promise.race([reading, sleep(SETTLE_MS, undefined, { ref: false })]).catch(() => undefined);
      await reader.cancel();
      return { done: true, value: undefined };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

/**
 * Reads the body of a response for a WebSocket, which sends nothing but its errors.
 *
 * @throws Error if the body is larger than errors may be, or not complete within so many milliseconds
 */
export async function readWhole(response: Response, timeoutMs: number): Promise<Response> {
  const stream = nodeStreamOf(response);
  if (stream === null) return response;
  const stop = (): void => void stream.destroy(new Error('The response of a plugin has not ended in time'));
  using _timer = setTimeout(stop, timeoutMs);
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > MAX_ERROR_BYTES)
      throw new Error(`The response of a plugin has over ${MAX_ERROR_BYTES} bytes`);
    chunks.push(chunk);
  }
  return new Response(Buffer.concat(chunks));
}
