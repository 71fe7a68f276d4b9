import type { LogTarget } from './log-target.ts';

/** Characters after which waiting lines are written at once, and milliseconds after which fewer are. */
const BATCH_SIZE = 32 * 1024;
const BATCH_MS = 1000;

export interface LogWriterOptions {
  /** Characters of lines that may wait; further lines are dropped. @default 1048576 */
  readonly maxWaiting?: number;
  /** Milliseconds that waiting lines get when the writer is disposed. @default 500 */
  readonly closeMs?: number;
}

/**
 * Writes log lines in batches, one at a time. If the target fails or stalls (a full disk, a pipe
 * without a reader), lines are lost and counted, but never waited for. Disposing writes what is left,
 * for a bounded time.
 */
export interface LogWriter extends AsyncDisposable {
  /** Takes one line with its line break. */
  write(line: string): void;
  /** Writes what is waiting if that is possible at once; for the exit of the process. */
  flushNow(): void;
  /** The number of lines lost so far. */
  readonly dropped: number;
  /** Whether a write is in progress; after disposal, one that was given up. */
  readonly isWriting: boolean;
}

export function createLogWriter(target: LogTarget, options: LogWriterOptions = {}): LogWriter {
  const { maxWaiting = 1024 * 1024, closeMs = 500 } = options;
  let waiting: string[] = [];
  /** Characters of the lines that wait or are being written. */
  let size = 0;
  let dropped = 0;
  let isWriting = false;
  let isLineOpen = false;
  let hasFailed = false;
  let timer: NodeJS.Timeout | undefined;
  /** Set while the writer is being disposed. */
  let onIdle: (() => void) | undefined;

  const take = (): Buffer => {
    // A line that could be written only in part must not swallow the next one.
    const text = (isLineOpen ? '\n' : '') + waiting.join('');
    waiting = [];
    return Buffer.from(text);
  };

  const writeBatch = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (isWriting || waiting.length === 0) return;
    const count = waiting.length;
    const batchSize = waiting.reduce((sum, line) => sum + line.length, 0);
    const chunk = take();
    isWriting = true;
    target.send(chunk, (bytesWritten) => {
      isWriting = false;
      size -= batchSize;
      hasFailed = bytesWritten < chunk.length;
      if (hasFailed) dropped += count - countLines(chunk.subarray(isLineOpen ? 1 : 0, bytesWritten));
      if (bytesWritten > 0) isLineOpen = chunk[bytesWritten - 1] !== LINE_BREAK;
      if (waiting.length === 0) onIdle?.();
      else if (onIdle !== undefined) writeBatch();
      else writeSoon();
    });
  };

  /** After a failure, the next attempt isn't made at once even if many lines wait. */
  const writeSoon = (): void => {
    if (size >= BATCH_SIZE && !hasFailed) writeBatch();
    else timer ??= setTimeout(writeBatch, BATCH_MS).unref();
  };

  return {
    write(line) {
      if (size + line.length > maxWaiting) {
        dropped++;
        return;
      }
      waiting.push(line);
      size += line.length;
      writeSoon();
    },
    flushNow() {
      if (!isWriting && waiting.length > 0) target.sendNow(take());
    },
    get dropped() {
      return dropped;
    },
    get isWriting() {
      return isWriting;
    },
    async [Symbol.asyncDispose]() {
      const { promise: idle, resolve } = Promise.withResolvers<void>();
      onIdle = resolve;
      writeBatch();
      if (isWriting) {
        const fuse = setTimeout(resolve, closeMs);
        await idle;
        clearTimeout(fuse);
      }
      target.close();
    },
  };
}

const LINE_BREAK = 0x0a;

function countLines(chunk: Buffer): number {
  return chunk.reduce((sum, byte) => sum + (byte === LINE_BREAK ? 1 : 0), 0);
}
