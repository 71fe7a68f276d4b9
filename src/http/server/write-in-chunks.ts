/** Bytes that are handed to a connection at once, so that it is known how many are left. */
export const CHUNK_BYTES = 128 * 1024;

/** Hands a chunk to a connection. @param done called when it has left, or never will */
type Write = (chunk: Uint8Array, isLast: boolean, done: () => void) => void;

/** Writes in chunks, each when the one before has left. Resolves when they all have. */
export async function writeInChunks(parts: readonly Uint8Array[], write: Write): Promise<void> {
  for (const [index, part] of parts.entries()) {
    for (let start = 0; start === 0 || start < part.length; start += CHUNK_BYTES) {
      const end = start + CHUNK_BYTES;
      const isLast = index === parts.length - 1 && end >= part.length;
      const { promise, resolve } = Promise.withResolvers<void>();
      write(part.subarray(start, end), isLast, resolve);
      await promise;
    }
  }
}
