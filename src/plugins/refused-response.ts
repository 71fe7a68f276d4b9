import type { FetchAPI } from 'graphql-yoga';
import type { Refusal } from '../server/refusal.ts';

/** Writes a refusal as the response to a request of which nothing is read any more. */
export function refusedResponse(
  refusal: Refusal,
  requestId: string,
  { Response }: Pick<FetchAPI, 'Response'>,
): Response {
  return new Response(refusal.body(requestId), {
    status: refusal.status,
    headers: refusal.responseHeaders(requestId),
  });
}
