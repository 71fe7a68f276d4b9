import type { ServerResponse } from 'node:http';
import { lengthOf } from './http-answer.ts';

/** Answers of fewer bytes are not watched. */
const WATCHED_BYTES = 16 * 1024;
/** Bytes that are handed to a connection at once, so that it is known how many are left. */
const CHUNK_BYTES = 128 * 1024;
/** Bytes of all watched answers that may wait for their clients; a large answer has about 30 MB. */
const MAX_BYTES = 256 * 1024 * 1024;
/** Milliseconds from which on a client must have read this many bytes a second on average. */
const PATIENCE_MS = 20_000;
const MIN_BYTES_PER_SECOND = 4 * 1024;
/** Milliseconds in which a client that reads takes a chunk, when memory is short. */
const STALLED_MS = 2_000;
const SWEEP_MS = 1_000;

export interface OutboxOptions {
  /** Called for each answer whose connection is closed. */
  readonly onClose: () => void;
  /** The time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/**
 * Sends bodies, and bounds what waits to be sent: clients that read slower than a trickle are cut off,
 * and when all answers together exceed a budget, those who haven't read for longest. Written by every
 * client for itself: whoever reads a chunk in two seconds is never cut off for another.
 */
export interface Outbox {
  /** Ends a response, whose headers have been written, with its body. */
  send(response: ServerResponse, body: readonly Uint8Array[]): void;
}

interface Waiting {
  readonly startedAt: number;
  progressAt: number;
  sent: number;
  left: number;
}

export function createOutbox({ onClose, now = () => performance.now() }: OutboxOptions): Outbox {
  const waiting = new Map<ServerResponse, Waiting>();
  let total = 0;
  let timer: NodeJS.Timeout | undefined;

  const cutOff = (response: ServerResponse): void => {
    forget(response);
    onClose();
    response.destroy();
  };
  const forget = (response: ServerResponse): void => {
    const entry = waiting.get(response);
    if (entry === undefined) return;
    waiting.delete(response);
    total -= entry.left;
    if (waiting.size > 0 || timer === undefined) return;
    clearInterval(timer);
    timer = undefined;
  };
  /** Cuts off those who haven't read for longest, until the others fit into the budget. */
  const makeRoom = (): void => {
    if (total <= MAX_BYTES) return;
    const stalled = [...waiting].filter(([, { progressAt }]) => now() - progressAt >= STALLED_MS);
    for (const [response] of stalled.toSorted(([, a], [, b]) => a.progressAt - b.progressAt)) {
      if (total <= MAX_BYTES) return;
      cutOff(response);
    }
  };
  const sweep = (): void => {
    for (const [response, { startedAt, sent }] of waiting) {
      const elapsedMs = now() - startedAt;
      // Of the next chunk it may have read a part.
      const read = sent + CHUNK_BYTES;
      if (elapsedMs > PATIENCE_MS && (read * 1000) / elapsedMs < MIN_BYTES_PER_SECOND) cutOff(response);
    }
    makeRoom();
  };

  return {
    send(response, body) {
      const length = lengthOf(body);
      if (length < WATCHED_BYTES) return endWith(response, body);
      const entry = { startedAt: now(), progressAt: now(), sent: 0, left: length };
      waiting.set(response, entry);
      total += length;
      timer ??= setInterval(sweep, SWEEP_MS).unref();
      response.once('close', () => forget(response));
      makeRoom();
      if (length <= CHUNK_BYTES) return endWith(response, body);
      writeInChunks(response, body, (bytes) => {
        if (!waiting.has(response)) return;
        entry.progressAt = now();
        entry.sent += bytes;
        entry.left -= bytes;
        total -= bytes;
      });
    },
  };
}

/** For answers that are known to be small. */
export const unwatched: Outbox = { send: endWith };

function endWith(response: ServerResponse, body: readonly Uint8Array[]): void {
  for (const part of body.slice(0, -1)) response.write(part);
  response.end(body.at(-1));
}

/** Writes a body a chunk at a time, each when the one before has left. */
function writeInChunks(
  response: ServerResponse,
  body: readonly Uint8Array[],
  onSent: (bytes: number) => void,
): void {
  const chunks = chunksOf(body);
  const next = (): void => {
    const { value: chunk, done } = chunks.next();
    if (done === true) return void response.end();
    response.write(chunk, (error) => {
      if (error) return;
      onSent(chunk.length);
      next();
    });
  };
  next();
}

function* chunksOf(body: readonly Uint8Array[]): Generator<Uint8Array, undefined> {
  for (const part of body) {
    for (let start = 0; start < part.length; start += CHUNK_BYTES) {
      yield part.subarray(start, start + CHUNK_BYTES);
    }
  }
}
