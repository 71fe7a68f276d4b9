import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Client } from './clients.ts';
import { type HttpAnswer, lengthOf } from './http-answer.ts';
import { endWith, respond } from './send.ts';

/** Answers of fewer bytes are neither watched nor entered: their connections are, with more. */
const WATCHED_BYTES = 16 * 1024;
/** Bytes that are handed to a connection at once, so that it is known how many are left. */
const CHUNK_BYTES = 128 * 1024;
/** Milliseconds from which on a client must have read this many bytes a second on average. */
const PATIENCE_MS = 20_000;
const MIN_BYTES_PER_SECOND = 4 * 1024;
const SWEEP_MS = 1_000;

export interface OutboxOptions {
  /** Called for each answer whose connection is closed. @param account of the caller */
  readonly onClose: (account: string | undefined) => void;
  /** The time in milliseconds. @default performance.now */
  readonly now?: () => number;
}

/**
 * Sends answers, a chunk at a time, each when the client has read the one before. Who reads slower than a trickle is
 * cut off. What is left to be read stays in the account of memory. Written by every client for itself.
 */
export interface Outbox {
  /** @param answer with all its headers. If it is to be entered, its body is */
  send(request: IncomingMessage, response: ServerResponse, answer: HttpAnswer, client: Client): void;
}

/** Whether a body is entered in the account of memory. What anyone may read is small, or shared by all. */
export function isEntered({ account }: Client, body: readonly Uint8Array[]): boolean {
  return account !== undefined && lengthOf(body) >= WATCHED_BYTES;
}

interface Progress {
  readonly account: string | undefined;
  readonly startedAt: number;
  sent: number;
}

export function createOutbox({ onClose, now = () => performance.now() }: OutboxOptions): Outbox {
  const watched = new Map<ServerResponse, Progress>();
  let timer: NodeJS.Timeout | undefined;

  const sweep = (): void => {
    if (watched.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
    for (const [response, { account, startedAt, sent }] of watched) {
      const elapsedMs = now() - startedAt;
      // Of the next chunk it may have read a part.
      const read = sent + CHUNK_BYTES;
      if (elapsedMs <= PATIENCE_MS || (read * 1000) / elapsedMs >= MIN_BYTES_PER_SECOND) continue;
      watched.delete(response);
      onClose(account);
      response.destroy();
    }
  };
  /**
   * Writes what may have been entered, and watches it.
   *
   * @param done called when it has left; if it is missing, the response ends with it
   */
  const write = (
    response: ServerResponse,
    parts: readonly Uint8Array[],
    client: Client,
    done?: () => void,
  ): void => {
    const { account } = client;
    const holder = isEntered(client, parts) ? client.holder : undefined;
    const progress: Progress = { account, startedAt: now(), sent: 0 };
    watched.set(response, progress);
    timer ??= setInterval(sweep, SWEEP_MS).unref();
    let left = lengthOf(parts);
    const give = (bytes: number): void => {
      left -= bytes;
      progress.sent += bytes;
      holder?.give('answer', bytes);
    };
    const settle = (): void => {
      response.off('close', settle);
      watched.delete(response);
      give(left);
    };
    response.once('close', settle);
    if (done === undefined && left <= CHUNK_BYTES) return endWith(response, parts);
    const chunks = chunksOf(parts);
    const next = (): void => {
      const { value: chunk } = chunks.next();
      if (chunk === undefined) {
        settle();
        return done === undefined ? void response.end() : done();
      }
      response.write(chunk, (error) => {
        if (error) return;
        give(chunk.length);
        next();
      });
    };
    next();
  };

  const writeStream = async (
    response: ServerResponse,
    stream: AsyncIterable<Uint8Array>,
    client: Client,
  ): Promise<void> => {
    let wake: (() => void) | undefined;
    response.once('close', () => wake?.());
    for await (const part of stream) {
      if (isEntered(client, [part]) && !client.holder.take('answer', part.length)) response.destroy();
      if (response.destroyed) return;
      await new Promise<void>((resolve) => {
        wake = resolve;
        if (part.length >= WATCHED_BYTES) write(response, [part], client, resolve);
        else response.write(part, () => resolve());
      });
    }
    response.end();
  };

  return {
    send(request, response, answer, client) {
      const { body, stream } = answer;
      respond(request, response, answer, () => {
        if (stream !== undefined) return void writeStream(response, stream, client);
        if (lengthOf(body) < WATCHED_BYTES) return endWith(response, body);
        write(response, body, client);
      });
    },
  };
}

function* chunksOf(body: readonly Uint8Array[]): Generator<Uint8Array, undefined> {
  for (const part of body) {
    for (let start = 0; start < part.length; start += CHUNK_BYTES) {
      yield part.subarray(start, start + CHUNK_BYTES);
    }
  }
}
