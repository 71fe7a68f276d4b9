import { ReadableStream as NodeReadableStream } from 'node:stream/web';

/**
 * Converts a response of Yoga, which is faster, to a response of the platform, which programs expect.
 *
 * @param end called when the response has been read or cancelled
 */
export async function standardResponse(response: Response, end: () => void): Promise<Response> {
  const { status, statusText, headers, body } = response;
  const init = { status, statusText, headers: [...headers] };
  const isEmpty = body === null || status === 204 || status === 304;
  if (!isEmpty && !headers.has('content-length')) return new Response(streamOf(body, end), init);
  end();
  if (Object.getPrototypeOf(response) === globalThis.Response.prototype) return response;
  return new Response(isEmpty ? null : await response.bytes(), init);
}

/** Reads a stream as fast as its reader. */
function streamOf(body: AsyncIterable<Uint8Array>, end: () => void): ReadableStream {
  const chunks = body[Symbol.asyncIterator]();
  const ended: AsyncIterator<Uint8Array> = {
    async next() {
      try {
        const chunk = await chunks.next();
        if (chunk.done === true) end();
        return chunk;
      } catch (error) {
        end();
        throw error;
      }
    },
    async return() {
      end();
      return (await chunks.return?.()) ?? { done: true, value: undefined };
    },
  };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- The same class, of which Node's types are others.
  return NodeReadableStream.from({ [Symbol.asyncIterator]: () => ended }) as unknown as ReadableStream;
}
