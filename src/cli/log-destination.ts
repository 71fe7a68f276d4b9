import { once } from 'node:events';
import process from 'node:process';
import { destination } from 'pino';

/** Bytes of lines that are written together, and milliseconds after which fewer bytes are written. */
const BATCH_BYTES = 8 * 1024;
const BATCH_MS = 1000;
/** Bytes of lines that may wait; further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Milliseconds in which the last lines are written, when the program ends. */
const CLOSE_MS = 500;

/** Opens standard error for the log. A full disk, or a pipe that no program reads, doesn't stop the gateway. */
export function openLogDestination() {
  // Reading `process.stderr` makes a pipe non-blocking; otherwise a write to a full pipe would block a thread.
  const { fd } = process.stderr;
  let isWritable = true;
  let closeBy = Number.POSITIVE_INFINITY;
  const stream = destination({
    dest: fd,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: BATCH_MS,
    maxLength: MAX_WAITING_BYTES,
    // A full pipe is tried again: it may be read later.
    retryEAGAIN: () => performance.now() < closeBy,
  });
  stream.on('drain', () => void (isWritable = true));
  stream.on('error', (error) => {
    isWritable = false;
    // After EPIPE, pino drops all lines without emitting an event.
    if ('code' in error && error.code === 'EPIPE') stream.emit('drop');
  });
  // Writes the last lines, also after a crash. It runs before pino's own exit handler, which would try for ever.
  const writeLast = (): void => {
    closeBy = performance.now() + CLOSE_MS;
    try {
      if (isWritable) stream.flushSync();
    } catch {
      // The pipe stayed full: the rest is lost.
    }
    stream.destroy();
  };
  process.prependOnceListener('exit', writeLast);
  return {
    /** Emits `drop` for each line that is lost. */
    stream,
    async [Symbol.asyncDispose]() {
      process.off('exit', writeLast);
      if (isWritable) {
        stream.end();
        await once(stream, 'close', { signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => undefined);
      }
      stream.destroy();
    },
  };
}
