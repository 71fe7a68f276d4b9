import type { IncomingMessage } from 'node:http';

/** Letta 0.16.7 reads bodies of any size; nothing that it takes here needs more. */
export const MAX_BODY_BYTES = 1024 * 1024;

/**
 * Reads the body of a request. Calls back with undefined once it is too large, and not at all if the client goes away
 * first.
 */
export function collectBody(incoming: IncomingMessage, done: (body: Buffer | undefined) => void): void {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) return void chunks.push(chunk);
    incoming.off('data', take).off('end', finish).pause();
    done(undefined);
  };
  const finish = (): void => done(Buffer.concat(chunks));
  incoming.on('data', take).on('end', finish);
}
