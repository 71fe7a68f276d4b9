import type { Gateway } from '../../src/gateway-options.ts';
import { BYTES_PER_CHARACTER, MAX_ACCOUNT_BYTES } from '../../src/scheduling/held-memory.ts';
import type { Headers } from './execute.ts';

const QUERY = 'subscription { runEvents(agentId: "agent-1") { runId } }';

/**
 * Has a caller open a stream whose variables count as much as the caller may hold, but for so many bytes.
 *
 * @returns a function that ends the stream
 */
export function fillMemory(gateway: Gateway, bytesLeft: number, headers: Headers = {}): () => void {
  const leaving = new AbortController();
  const characters = Math.floor((MAX_ACCOUNT_BYTES - bytesLeft) / BYTES_PER_CHARACTER);
  const filler = 'x'.repeat(characters - QUERY.length - '{"filler":""}'.length);
  const parameters = new URLSearchParams({ query: QUERY, variables: JSON.stringify({ filler }) });
  const request = new Request(`http://gateway/graphql?${parameters}`, {
    headers: { accept: 'text/event-stream', ...headers },
    signal: leaving.signal,
  });
  void Promise.resolve(gateway.fetch(request));
  return () => leaving.abort();
}
