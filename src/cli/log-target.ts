import { closeSync, constants, fstatSync, openSync, type Stats, write, writeSync } from 'node:fs';

/** Where log lines go. No method blocks for long, and none throws. */
export interface LogTarget {
  /** Writes a chunk, and calls back once with the number of bytes written; fewer if the rest failed. */
  send(chunk: Buffer, done: (bytesWritten: number) => void): void;
  /** Writes a chunk if that is possible at once; for the exit of the process. */
  sendNow(chunk: Buffer): void;
  /** Gives up a chunk that is waiting. */
  close(): void;
}

/** Milliseconds until a terminal that takes nothing more is tried again. */
const RETRY_MS = 100;

/**
 * Opens a standard stream as a target for the log. Node writes to pipes and sockets without blocking
 * already. To files it writes synchronously, so these get asynchronous writes, one at a time.
 */
export function openLogTarget(stream: NodeJS.WriteStream & { readonly fd: number }): LogTarget {
  const stats = fstatSync(stream.fd);
  return stats.isFIFO() || stats.isSocket() ? streamTarget(stream) : fileTarget(stream.fd, stats);
}

function streamTarget(stream: NodeJS.WriteStream & { readonly fd: number }): LogTarget {
  // A reader that is gone is reported to the callback as well.
  stream.on('error', () => undefined);
  return {
    send: (chunk, done) => void stream.write(chunk, (error) => done(error ? 0 : chunk.length)),
    sendNow: (chunk) => tryWrite(stream.fd, chunk),
    close: () => undefined,
  };
}

function fileTarget(standardFd: number, stats: Stats): LogTarget {
  const ownFd = stats.isCharacterDevice() ? reopen(standardFd) : undefined;
  const fd = ownFd ?? standardFd;
  let retry: NodeJS.Timeout | undefined;
  const send = (chunk: Buffer, done: (bytesWritten: number) => void, offset = 0): void =>
    write(fd, chunk, offset, (error, bytesWritten) => {
      const end = offset + (error === null ? bytesWritten : 0);
      if (error?.code === 'EAGAIN') retry = setTimeout(send, RETRY_MS, chunk, done, offset).unref();
      else if (error !== null || end >= chunk.length) done(end);
      else send(chunk, done, end);
    });
  return {
    send,
    sendNow: (chunk) => tryWrite(fd, chunk),
    close() {
      clearTimeout(retry);
      if (ownFd !== undefined) closeSync(ownFd);
    },
  };
}

/**
 * Opens a device a second time, without blocking: a terminal that is stopped would otherwise keep a
 * thread, and with it the process, from ending. Undefined where that is not possible.
 */
function reopen(fd: number): number | undefined {
  try {
    return openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch {
    return undefined;
  }
}

function tryWrite(fd: number, chunk: Buffer): void {
  try {
    writeSync(fd, chunk);
  } catch {
    // The process ends, so that nothing can report it.
  }
}
