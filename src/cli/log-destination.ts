import { once } from 'node:events';
import { writeSync } from 'node:fs';
import process from 'node:process';
import { destination, pino } from 'pino';

/** Bytes of lines that are written together, and milliseconds after which fewer are. */
const BATCH_BYTES = 4096;
const BATCH_MS = 1000;
/** Bytes of lines that may wait; further lines are dropped. */
const MAX_WAITING = 1024 * 1024;
/** Milliseconds for the last lines. */
const CLOSE_MS = 500;

/** Standard error, for the log. Nothing waits for it: a full disk, or a pipe that nobody reads, stops nothing. */
export interface LogDestination extends AsyncDisposable {
  /** Emits `drop` for each line that is lost. */
  readonly stream: ReturnType<typeof destination>;
}

export function openLogDestination(): LogDestination {
  // To get the stream makes a pipe non-blocking. A write to one that is full would keep a thread otherwise.
  const { fd } = process.stderr;
  let hasFailed = false;
  let dropped = 0;
  let closeBy = Number.POSITIVE_INFINITY;
  const writeLast = (): void => {
    closeBy = performance.now() + CLOSE_MS;
    try {
      if (!hasFailed && mayWrite(fd)) stream.flushSync();
    } catch {
      // A pipe was full until then: the rest is lost.
    }
    stream.destroy();
  };
  // For the last lines of a crash. Precedes pino's handler, which would retry for ever.
  process.once('exit', writeLast);
  const stream = destination({
    dest: fd,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: BATCH_MS,
    maxLength: MAX_WAITING,
    retryEAGAIN: () => performance.now() < closeBy,
  });
  stream.on('drop', () => dropped++);
  stream.on('error', (error) => {
    hasFailed = true;
    // From a closed pipe on, pino loses all lines without an event.
    if ('code' in error && error.code === 'EPIPE') stream.emit('drop');
  });
  stream.on('drain', () => {
    hasFailed = false;
    if (dropped === 0) return;
    pino(stream).warn({ dropped }, 'Lines of the log were dropped: they could not be written');
    dropped = 0;
  });
  return {
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

/** Whether bytes are taken, or may be in a moment. On a disk that is full, flushing would go on for ever. */
function mayWrite(fd: number): boolean {
  try {
    return writeSync(fd, '\n') > 0;
  } catch (error) {
    return Object(error).code === 'EAGAIN';
  }
}
