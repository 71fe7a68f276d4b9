import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { WebSocket } from 'ws';
import { isObject, JsonLimitError, parseInputJson } from '../../json/parse-json.ts';
import type { Credentials } from '../../upstream/credentials.ts';
import type { Client } from '../server/clients.ts';
import { lengthOf } from '../server/http-answer.ts';
import { Unfinished } from './unfinished.ts';

/**
 * Milliseconds after which a client that reads nothing of what was sent is cut off. Systems tell of what was read in
 * lumps of up to 1.7 MB, for which a slow client takes half of that time.
 */
const WRITE_TIMEOUT_MS = 60_000;
/** Bytes of a message of a client that has not said who it is: twice the headers that may go upstream. */
const MAX_INIT_BYTES = 32 * 1024;
/** Characters of the id of an operation, which is kept as long as that is open. */
const MAX_ID_LENGTH = 256;
/** Bytes that wait to be read from which on no more messages of the client are read. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Larger answers are sent as they are, in fragments; smaller ones are copied, to be sent at once. */
const MAX_COPIED_BYTES = 64 * 1024;
/** Bytes that are entered for what is sent, besides its own. */
const FRAME_BYTES = 1024;
/** Bytes that a slow client reads in a millisecond, and milliseconds in which it reads what the network holds. */
const SLOW_BYTES_PER_MS = 32;
const MAX_SLOW_MS = 300_000;

const GOING_AWAY = 1001;
const TOO_LARGE = 1009;
const INVALID_MESSAGE = 4400;

export interface GraphqlSocketOptions {
  /** What the messages come by. */
  readonly connection: Duplex;
  readonly client: Client;
  /** Whether the connection is to be closed when its last operation has ended. */
  readonly isDraining: () => boolean;
  /** The client is cut off. */
  readonly onNotReading: () => void;
  /** The connection is closed because of what the client has sent. */
  readonly onInvalid: (reason: string) => void;
}

/**
 * The WebSocket of a client, as `graphql-ws/use/ws` takes it. What the client makes the gateway hold is entered in the
 * account of memory. A client that doesn't read is not read either, and cut off after a while.
 *
 * Messages are parsed here and passed on without their payload: the library would parse it once more, by `JSON.parse`,
 * and keep it as long as an operation is open. Answers are sent as the bytes that they are.
 */
export class GraphqlSocket extends WebSocket {
  /** Undefined until the client has said who it is. */
  credentials: Credentials | undefined;
  /** Of the message that is being handled. */
  payload: unknown;
  /** The operations that are open, with their ids. */
  readonly #operations = new Map<AbortController, unknown>();
  #options!: GraphqlSocketOptions;
  #hasSent = false;
  /** Bytes that wait to be read, and until when a slow client reads those that have left. */
  #waiting = 0;
  #slowUntil = 0;

  /** To be called before anything comes in. */
  open(options: GraphqlSocketOptions): void {
    const { connection, client, onNotReading } = options;
    this.#options = options;
    const unfinished = new Unfinished(client.holder, (code, reason) => {
      // What isn't read from it now is not late.
      const isRead = !this.isPaused;
      if (isRead) this.#refuse(code, reason);
      return isRead;
    });
    connection.on('data', (part: Buffer) => {
      this.#hasSent = true;
      if (this.readyState !== this.OPEN) return;
      const bytes = unfinished.add(part);
      if (this.credentials === undefined && bytes > MAX_INIT_BYTES)
        this.#refuse(TOO_LARGE, 'Message too large');
    });
    this.once('close', () => {
      unfinished.clear();
      for (const operation of this.#operations.keys()) operation.abort();
    });
    if (!(connection instanceof Socket)) return;
    // Nothing was read or written meanwhile.
    connection.setTimeout(WRITE_TIMEOUT_MS, () => {
      if (this.#waiting === 0) return;
      onNotReading();
      this.terminate();
    });
  }

  get client(): Client {
    return this.#options.client;
  }

  /** How many operations are open. */
  get size(): number {
    return this.#operations.size;
  }

  /** Opens an operation. It is aborted when the client completes it or disconnects. */
  begin(id: string): AbortController {
    const operation = new AbortController();
    this.#operations.set(operation, id);
    return operation;
  }

  /** The operation has ended. */
  finish(operation: AbortController): void {
    this.#operations.delete(operation);
    // What it was answered is sent first.
    if (this.#options.isDraining()) setImmediate(() => this.closeIfIdle());
  }

  closeIfIdle(): void {
    if (this.size === 0) this.close(GOING_AWAY, 'Going away');
  }

  /**
   * Sends an answer, and resolves when it has left.
   *
   * @param body JSON
   * @returns false if it may not be held
   */
  async next(id: string, body: readonly Uint8Array[]): Promise<boolean> {
    if (this.readyState !== this.OPEN) return true;
    const { promise, resolve } = Promise.withResolvers<void>();
    const head = Buffer.from(`{"id":${JSON.stringify(id)},"type":"next","payload":`);
    const isHeld = this.#write([head, ...body, Buffer.from('}')], resolve);
    if (isHeld) await promise;
    return isHeld;
  }

  /** @param onSent is not told of an error: the library would print that the client has left */
  override send(text: unknown, onSent?: unknown): void {
    const done = (): void => void (typeof onSent === 'function' && onSent());
    if (!this.#write([Buffer.from(String(text))], done)) this.terminate();
  }

  /** A client that has sent something is alive; one may be that is still reading what was sent before. */
  override ping(): void {
    if (this.#hasSent || this.#waiting > 0 || performance.now() < this.#slowUntil) super.emit('pong');
    this.#hasSent = false;
    if (this.#waiting === 0) super.ping();
  }

  /** The library gives reasons as text, in which may be what the client sent; refusals are told already. */
  override close(code?: number, reason?: string | Buffer): void {
    const isInvalid = this.readyState === this.OPEN && typeof reason === 'string' && code !== GOING_AWAY;
    if (isInvalid) this.#options.onInvalid(`Closed with ${code}`);
    super.close(code, reason);
  }

  override emit(event: string, ...values: unknown[]): boolean {
    const [value] = values;
    // The library would print it.
    if (event === 'error') this.#options.onInvalid(String(value));
    else if (event !== 'message') return super.emit(event, ...values);
    else if (Buffer.isBuffer(value) && this.readyState === this.OPEN) this.#handle(value);
    return true;
  }

  #handle(data: Buffer): void {
    if (this.credentials === undefined && data.length > MAX_INIT_BYTES) {
      return this.#refuse(TOO_LARGE, 'Message too large');
    }
    const message = parse(data);
    if (typeof message === 'string') return this.close(INVALID_MESSAGE, message);
    const { type, id, payload } = message;
    if (type === 'complete') {
      for (const [operation, own] of this.#operations) if (own === id) operation.abort();
    }
    this.payload = payload;
    // The library insists on a query, although documents may be named by an id.
    const passed = type === 'subscribe' ? isObject(payload) && { query: '' } : undefined;
    super.emit('message', JSON.stringify({ type, id, payload: passed }));
    this.payload = undefined;
    if (this.#waiting > HIGH_WATER_BYTES) this.pause();
  }

  /** Closes the connection of a client of which no more is to be read. */
  #refuse(code: number, reason: string): void {
    this.close(code, reason);
    this.pause();
  }

  /** @returns false if it may not be held */
  #write(parts: readonly Uint8Array[], onSent: () => void): boolean {
    const { holder } = this.client;
    const length = lengthOf(parts);
    const bytes = length + FRAME_BYTES;
    if (!holder.take('answer', bytes)) return false;
    this.#waiting += bytes;
    const now = performance.now();
    const busyMs = Math.max(0, this.#slowUntil - now) + bytes / SLOW_BYTES_PER_MS;
    this.#slowUntil = now + Math.min(busyMs, MAX_SLOW_MS);
    const done = (): void => {
      holder.give('answer', bytes);
      this.#waiting -= bytes;
      if (this.#waiting <= HIGH_WATER_BYTES && this.readyState === this.OPEN) this.resume();
      onSent();
    };
    const frames = length > MAX_COPIED_BYTES ? parts : [Buffer.concat(parts)];
    for (const [index, frame] of frames.entries()) {
      const fin = index === frames.length - 1;
      super.send(frame, { binary: false, fin }, fin ? done : undefined);
    }
    return true;
  }
}

/** Returns what is wrong with a message, or the message. */
function parse(data: Buffer): string | Readonly<Record<string, unknown>> {
  try {
    const message = parseInputJson(data.toString());
    const isTooLong =
      isObject(message) && typeof message['id'] === 'string' && message['id'].length > MAX_ID_LENGTH;
    if (isObject(message) && !isTooLong) return message;
  } catch (error) {
    if (error instanceof JsonLimitError) return error.message;
  }
  return 'Invalid message received';
}
