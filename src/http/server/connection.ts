import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Holder } from '../../memory/index.ts';
import type { NodeListener } from './node-listener.ts';
import { CHUNK_BYTES } from './send.ts';

/** Requests that may wait for their turn on one connection, and bytes that one makes the process hold besides its head. */
const MAX_WAITING = 100;
const WAITING_BYTES = 4 * 1024;
/** Milliseconds from which on a client must have read this many bytes a second on average. */
const PATIENCE_MS = 20_000;
const MIN_BYTES_PER_SECOND = 8 * 1024;

/** A connection of a server. Its requests are handled in turn, each when the one before is answered. */
export class Connection {
  /** False once it is that of a WebSocket. */
  isForHttp = true;
  /** When it was opened, or its last request began or was answered. */
  since = performance.now();
  readonly #socket: Socket;
  readonly #holder: Holder | undefined;
  readonly #handle: NodeListener;
  readonly #onIdle: () => void;
  /** The bytes that were read up to the end of its last answer. */
  #bytesRead = 0;
  /** The response to the request that is handled, and those to the requests behind it. */
  #response: ServerResponse | undefined;
  readonly #waiting: ServerResponse[] = [];
  /** Since when its client has something to read, and the bytes that had left before. */
  #reading: { readonly since: number; readonly sent: number } | undefined;

  /**
   * @param holder where what waits is entered
   * @param onIdle called when a request is answered and no other one waits
   */
  constructor(socket: Socket, holder: Holder | undefined, handle: NodeListener, onIdle: () => void) {
    this.#socket = socket;
    this.#holder = holder;
    this.#handle = handle;
    this.#onIdle = onIdle;
  }

  get isAnswering(): boolean {
    return this.#response !== undefined;
  }

  /** Whether nothing of a request has come since the last answer. */
  get isIdle(): boolean {
    return this.isForHttp && this.#response === undefined && this.#socket.bytesRead === this.#bytesRead;
  }

  /** Whether it may give way to others: it waits for a request, and not only for as long as that takes. */
  isStale(staleMs: number): boolean {
    if (!this.isForHttp || this.#response?.req.complete === true) return false;
    const hasServed = this.#response === undefined && this.#bytesRead > 0;
    return hasServed || performance.now() - this.since > staleMs;
  }

  /**
   * Whether its client reads no more than a trickle of what waits for it. To be asked again and again.
   *
   * @param now in milliseconds
   */
  isTrickling(now: number): boolean {
    const { writableLength, bytesWritten } = this.#socket;
    const sent = bytesWritten - writableLength;
    this.#reading = writableLength === 0 ? undefined : (this.#reading ?? { since: now, sent });
    if (this.#reading === undefined) return false;
    const elapsedMs = now - this.#reading.since;
    // Of the next chunk it may have read a part.
    const read = sent - this.#reading.sent + CHUNK_BYTES;
    return elapsedMs > PATIENCE_MS && (read * 1000) / elapsedMs < MIN_BYTES_PER_SECOND;
  }

  /**
   * Handles a request in its turn. A client may send many without waiting for an answer: their answers would all be
   * held.
   *
   * @returns false if there are too many
   */
  receive(response: ServerResponse): boolean {
    if (this.#response === undefined) {
      this.#start(response);
      return true;
    }
    if (this.#waiting.length >= MAX_WAITING) return false;
    if (this.#holder?.take('input', bytesOf(response)) === false) return false;
    this.#waiting.push(response);
    return true;
  }

  #start(response: ServerResponse): void {
    this.#response = response;
    this.since = performance.now();
    response.once('close', () => this.#finish());
    this.#handle(response.req, response);
  }

  #finish(): void {
    this.#response = this.#waiting.shift();
    this.#bytesRead = this.#socket.bytesRead;
    this.since = performance.now();
    const next = this.#response;
    if (next === undefined) return this.#onIdle();
    this.#holder?.give('input', bytesOf(next));
    // Others get their turn in between.
    setImmediate(() => {
      if (!this.#socket.destroyed) this.#start(next);
    });
  }
}

function bytesOf({ req }: ServerResponse): number {
  return req.rawHeaders.reduce((sum, text) => sum + text.length, WAITING_BYTES);
}
