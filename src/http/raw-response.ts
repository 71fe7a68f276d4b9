import { isAsyncIterable, processRegularResult } from 'graphql-yoga';
import { jsonTypeFor } from '../access/accept-header.ts';
import { type GatewayPlugin, headerOf } from '../access/gateway-request.ts';
import { DATA_HEADERS } from '../access/refusal.ts';
import { bytesOf } from '../operations/text-result.ts';
import { VARY } from './response-headers.ts';

/** The property for the body of a response. A WeakMap would cost time in garbage collection. */
const BODY = Symbol('body');
export type Bytes = Uint8Array<ArrayBuffer>;
export type ByteStream = AsyncIterableIterator<Bytes, undefined>;
type RawResponse = Response & { [BODY]?: Bytes | ByteStream };

/** Returns the body of a response that a function of this file has created. */
export function rawBodyOf(response: Response): Bytes | ByteStream | undefined {
  const { [BODY]: body }: RawResponse = response;
  return body;
}

/**
 * Creates a response with a body that is complete, or that comes in chunks, of which a stream is made when it is asked for.
 *
 * @param headers without the length of the body
 */
export function rawResponse(
  { Response }: Pick<typeof globalThis, 'Response'>,
  body: Bytes | ByteStream,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const length = body instanceof Uint8Array && { 'content-length': String(body.length) };
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- Yoga's responses take iterables.
  const response: RawResponse = new Response(body as Bytes, { status, headers: { ...headers, ...length } });
  response[BODY] = body;
  return response;
}

/** Sends a result as the bytes that the engine wrote, which Yoga would decode and encode again. */
export function useRawResponse(): GatewayPlugin {
  return {
    onResultProcess({ request, result, resultProcessor, serverContext, setResultProcessor }) {
      if (resultProcessor !== processRegularResult || isAsyncIterable(result) || Array.isArray(result))
        return;
      const bytes = bytesOf(result);
      if (bytes === undefined) return;
      const type = jsonTypeFor(headerOf(request, serverContext, 'accept'));
      setResultProcessor((_result, fetchAPI) => {
        const headers = { ...DATA_HEADERS, 'content-type': `${type}; charset=utf-8`, vary: VARY };
        return rawResponse(fetchAPI, bytes, 200, headers);
      }, type);
    },
  };
}
