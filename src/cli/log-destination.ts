import { once } from 'node:events';
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
  /** Whether a write is still being tried, which keeps the process alive. */
  readonly isStuck: boolean;
}

export function openLogDestination(): LogDestination {
  let hasFailed = false;
  let isStuck = false;
  let dropped = 0;
  // Precedes pino's own handler, which would try again until the lines are written.
  process.once('exit', () => {
    if (hasFailed || isStuck) stream.destroy();
  });
  const stream = destination({
    // To get the stream makes a pipe non-blocking. A write to one that is full would keep a thread otherwise.
    dest: process.stderr.fd,
    sync: false,
    minLength: BATCH_BYTES,
    periodicFlush: BATCH_MS,
    maxLength: MAX_WAITING,
    retryEAGAIN() {
      isStuck = true;
      return true;
    },
  });
  stream.on('drop', () => dropped++);
  stream.on('error', (error) => {
    hasFailed = true;
    // From a closed pipe on, pino loses all lines without an event.
    if ('code' in error && error.code === 'EPIPE') stream.emit('drop');
  });
  stream.on('drain', () => {
    hasFailed = false;
    isStuck = false;
    if (dropped === 0) return;
    pino(stream).warn({ dropped }, 'Lines of the log were dropped: they could not be written');
    dropped = 0;
  });
  return {
    stream,
    get isStuck() {
      return isStuck;
    },
    async [Symbol.asyncDispose]() {
      if (!hasFailed) {
        stream.end();
        // What can't be written in time is lost.
        await once(stream, 'close', { signal: AbortSignal.timeout(CLOSE_MS) }).catch(() => undefined);
      }
      stream.destroy();
    },
  };
}
