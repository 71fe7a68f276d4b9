import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Sends what is streamed, as fast as the client reads it, and no more once it has disconnected. */
export async function sendStream(response: ServerResponse, stream: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const part of stream) {
    if (response.destroyed) return;
    if (!response.write(part)) await drained(response);
  }
  response.end();
}

async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return;
  const settled = new AbortController();
  const { signal } = settled;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    settled.abort(),
  );
}
