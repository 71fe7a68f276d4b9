/**
 * Converts a response of Yoga, which is faster, to a response of the platform, which programs expect.
 *
 * @param end called when the response has been read or cancelled
 */
export async function standardResponse(response: Response, end: () => void): Promise<Response> {
  const { status, statusText, headers, body } = response;
  const init = { status, statusText, headers: [...headers] };
  const isEmpty = body === null || status === 204 || status === 304;
  if (!isEmpty && !headers.has('content-length')) return new Response(await streamOf(body, end), init);
  end();
  if (Object.getPrototypeOf(response) === globalThis.Response.prototype) return response;
  return new Response(isEmpty ? null : await response.bytes(), init);
}

/** Reads a stream as fast as its reader. The first chunk is read at once: Yoga's streams can't be cancelled before it. */
async function streamOf(body: AsyncIterable<Uint8Array>, end: () => void) {
  const chunks = body[Symbol.asyncIterator]();
  let first: Promise<IteratorResult<Uint8Array>> | undefined = chunks.next();
  // If it fails, the reader gets the error.
  await first.catch(() => undefined);
  const source: UnderlyingDefaultSource<Uint8Array> = {
    async pull(controller) {
      try {
        const { done, value } = await (first ?? chunks.next());
        first = undefined;
        if (done !== true) return controller.enqueue(value);
        controller.close();
        end();
      } catch (error) {
        end();
        throw error;
      }
    },
    async cancel() {
      end();
      await chunks.return?.();
    },
  };
  return new ReadableStream(source, { highWaterMark: 0 });
}
