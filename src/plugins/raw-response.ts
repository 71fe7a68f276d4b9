import { isAsyncIterable, processRegularResult } from 'graphql-yoga';
import { DATA_HEADERS } from '../server/refusal.ts';
import { jsonTypeFor } from './accept-header.ts';
import type { GatewayPlugin } from './gateway-request.ts';
import { bytesOf } from './text-result.ts';

/** The property for the whole body of a response. A WeakMap would cost time in garbage collection. */
const BODY = Symbol('body');
type Body = Uint8Array<ArrayBuffer>;

/** Returns the body of a response that `wholeResponse` has created. */
export function wholeBodyOf(response: Response & { readonly [BODY]?: Body }): Body | undefined {
  return response[BODY];
}

/** Creates a response with a body that is complete. @param headers without the length of the body */
export function wholeResponse(
  { Response }: { readonly Response: typeof globalThis.Response },
  body: Body,
  status: number,
  headers: Readonly<Record<string, string>>,
): Response {
  const response: Response & { [BODY]?: Body } = new Response(body, {
    status,
    headers: { ...headers, 'content-length': String(body.length) },
  });
  response[BODY] = body;
  return response;
}

/** Sends a result as the bytes that the engine wrote, which Yoga would decode and encode again. */
export function useRawResponse(): GatewayPlugin {
  return {
    onResultProcess({ request, result, resultProcessor, setResultProcessor }) {
      if (resultProcessor !== processRegularResult || isAsyncIterable(result) || Array.isArray(result))
        return;
      const bytes = bytesOf(result);
      if (bytes === undefined) return;
      const type = jsonTypeFor(request.headers.get('accept'));
      setResultProcessor((_result, fetchAPI) => {
        const headers = { ...DATA_HEADERS, 'content-type': `${type}; charset=utf-8` };
        return wholeResponse(fetchAPI, bytes, 200, headers);
      }, type);
    },
  };
}
