import { once } from 'node:events';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { destination, pino } from 'pino';

/** Bytes of lines that are written together, and milliseconds after which fewer bytes are written. */
const BATCH_BYTES = 32 * 1024;
const BATCH_MS = 1000;
/** Bytes of lines that may wait; further lines are dropped. */
const MAX_WAITING_BYTES = 1024 * 1024;
/** Milliseconds in which the last lines are written, when the program ends. */
const CLOSE_MS = 500;

/** Opens standard error for the log. A full disk, or a pipe that no program reads, doesn't stop the gateway. */
export function openLogDestination() {
  // Reading `process.stderr` makes a pipe non-blocking; otherwise a write to a full pipe would block a thread.
  const { fd } = process.stderr;
  let hasFailed = false;
  let dropped = 0;
  let closeBy = Number.POSITIVE_INFINITY;
  const writeLast = (): void => {
    closeBy = performance.now() + CLOSE_MS;
    try {
      if (!hasFailed && mayWrite(fd)) stream.flushSync();
    } catch {
      // The pipe stayed full: the rest is lost.
    }
    stream.destroy();
  };
  // For the last lines of a crash, as far as a pipe takes them. Runs before pino's handler, which would retry for ever.
  process.once('exit', writeLast);
  const stream = destination({
    dest: fd,
    sync: false,
    minLength: BATCH_BYTES,
    maxWrite: 2 * BATCH_BYTES,
    periodicFlush: BATCH_MS,
    maxLength: MAX_WAITING_BYTES,
    retryEAGAIN: () => performance.now() < closeBy,
    // As texts, all waiting lines would be measured for each further one.
    contentMode: 'buffer',
  });
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- In this mode it takes bytes.
  const write = stream.write.bind(stream) as unknown as (line: Uint8Array) => boolean;
  stream.write = (line: string) => write(Buffer.from(line));
  stream.on('drop', () => dropped++);
  stream.on('error', (error) => {
    hasFailed = true;
    // Once a pipe is closed, pino loses all lines without an event.
    if ('code' in error && error.code === 'EPIPE') stream.emit('drop');
  });
  stream.on('drain', () => {
    hasFailed = false;
    if (dropped === 0) return;
    pino(stream).warn({ dropped }, 'Lines of the log were dropped: they could not be written');
    dropped = 0;
  });
  return {
    /** Emits `drop` for each line that is lost. */
    stream,
    async [Symbol.asyncDispose]() {
      process.off('exit', writeLast);
      closeBy = performance.now() + CLOSE_MS;
      if (!hasFailed) {
        stream.end();
        await once(stream, 'close', { signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => undefined);
      }
      stream.destroy();
    },
  };
}

/** Whether a write succeeds, or may succeed in a moment. On a full disk, flushing would never end. */
function mayWrite(fd: number): boolean {
  try {
    return writeSync(fd, '\n') > 0;
  } catch (error) {
    return Object(error).code === 'EAGAIN';
  }
}
