import type { Gateway } from '../../src/gateway-options.ts';
import { DOCUMENT_FACTOR, MAX_ACCOUNT_BYTES, VALUES_FACTOR } from '../../src/scheduling/held-memory.ts';
import type { Headers } from './execute.ts';

const QUERY = 'subscription { runEvents(agentId: "agent-1") { runId } }';

/**
 * Has a caller open a stream whose variables count as much as the caller may hold, but for so many bytes.
 *
 * @returns a function that ends the stream
 */
export function fillMemory(gateway: Gateway, bytesLeft: number, headers: Headers = {}): () => void {
  const leaving = new AbortController();
  const bytes = MAX_ACCOUNT_BYTES - bytesLeft - QUERY.length * DOCUMENT_FACTOR;
  const filler = 'x'.repeat(Math.floor(bytes / VALUES_FACTOR) - '{"filler":""}'.length);
  const parameters = new URLSearchParams({ query: QUERY, variables: JSON.stringify({ filler }) });
  const request = new Request(`http://gateway/graphql?${parameters}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  });
  const response = Promise.resolve(gateway.fetch(request));
  return () => {
    leaving.abort();
    // A stream that nobody refers to may be collected before it has ended.
    void response.then(({ body }) => body?.cancel()).catch(() => undefined);
  };
}
