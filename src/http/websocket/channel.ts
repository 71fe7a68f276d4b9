import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Client } from '../server/clients.ts';
import { lengthOf } from '../server/http-answer.ts';
import { writeInChunks } from '../server/write-in-chunks.ts';
import { type Receiver, Unfinished } from './unfinished.ts';

/** Milliseconds between pings. */
const PING_MS = 12_000;
/** Milliseconds for which a client counts as alive after it has sent something. */
const ALIVE_MS = 2 * PING_MS;
/** Bytes that a slow client reads in a millisecond, and milliseconds in which it reads what the network holds. */
const SLOW_BYTES_PER_MS = 32;
const MAX_SLOW_MS = 300_000;
/** Bytes of a message of a client that has not said who it is: twice the headers that may go upstream. */
const MAX_INIT_BYTES = 32 * 1024;
/** Bytes that wait to be read from which on no more messages of the client are read. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Larger answers are sent as they are, in fragments; smaller ones are copied, to be sent at once. */
const MAX_COPIED_BYTES = 64 * 1024;
/** Bytes that are entered for what is sent, besides its own. */
const FRAME_BYTES = 1024;

const GOING_AWAY = 1001;
const TOO_LARGE = 1009;

export interface ChannelOptions {
  readonly socket: WebSocket;
  /** What the messages come by. */
  readonly duplex: Duplex;
  readonly client: Client;
  readonly onMessage: (message: Buffer) => void;
  /** The connection is closed because of what the client has sent. */
  readonly onInvalid: (reason: string) => void;
}

/**
 * Messages to and from a client. What they make the gateway hold is entered in the account of memory. A client that
 * doesn't read is not read either.
 */
export class Channel {
  readonly #options: ChannelOptions;
  /** Bytes that wait to be read, and when those before them have left. */
  #waiting = 0;
  #left: Promise<void> = Promise.resolve();
  /** Until when the client need not send anything. */
  #aliveUntil = performance.now() + ALIVE_MS;
  #maxBytes = MAX_INIT_BYTES;

  constructor(options: ChannelOptions) {
    const { socket, duplex, client, onMessage, onInvalid } = options;
    this.#options = options;
    const pinging = setInterval(() => this.#ping(), PING_MS);
    // The types don't know it.
    const receiver: Receiver = Reflect.get(socket, '_receiver');
    const unfinished = new Unfinished(receiver, client.holder, (code, reason) => {
      // What isn't read from it now is not late.
      const isRead = !socket.isPaused;
      if (isRead) this.#refuse(code, reason);
      return isRead;
    });
    duplex.on('data', () => {
      this.#aliveUntil = Math.max(this.#aliveUntil, performance.now() + ALIVE_MS);
      if (socket.readyState === socket.OPEN && unfinished.update() > this.#maxBytes) this.#refuse(TOO_LARGE);
    });
    socket.on('message', (message: Buffer) => {
      unfinished.clear();
      if (socket.readyState !== socket.OPEN) return;
      unfinished.update();
      if (message.length > this.#maxBytes) this.#refuse(TOO_LARGE);
      else onMessage(message);
      if (this.#waiting > HIGH_WATER_BYTES) socket.pause();
    });
    for (const event of ['ping', 'pong']) socket.on(event, () => unfinished.update());
    socket.on('error', (error) => onInvalid(String(error)));
    socket.once('close', () => {
      clearInterval(pinging);
      unfinished.clear();
    });
  }

  /** The client has said who it is. */
  identified(): void {
    this.#maxBytes = Infinity;
  }

  /**
   * Sends a message, in fragments if it is large.
   *
   * @returns when it has left; undefined if it may not be held
   */
  send(parts: readonly Uint8Array[]): Promise<void> | undefined {
    const { socket, client } = this.#options;
    const length = lengthOf(parts);
    const bytes = length + FRAME_BYTES;
    if (socket.readyState !== socket.OPEN) return Promise.resolve();
    if (!client.holder.take('answer', bytes)) return undefined;
    this.#waiting += bytes;
    const now = performance.now();
    const readMs = Math.max(0, this.#aliveUntil - now) + bytes / SLOW_BYTES_PER_MS;
    this.#aliveUntil = now + Math.min(readMs, MAX_SLOW_MS);
    const before = this.#left;
    this.#left = this.#write(length > MAX_COPIED_BYTES ? parts : [Buffer.concat(parts)], bytes, before);
    return this.#left;
  }

  /** Closes the connection of a client that has sent what is no message, or must not be. */
  invalid(code: number, reason: string): void {
    const { socket, onInvalid } = this.#options;
    if (socket.readyState === socket.OPEN) onInvalid(`Closed with ${code}`);
    socket.close(code, reason);
  }

  /** Closes the connection when everything has left. */
  async leave(): Promise<void> {
    await this.#left;
    this.#options.socket.close(GOING_AWAY, 'Going away');
  }

  async #write(message: readonly Uint8Array[], bytes: number, before: Promise<void>): Promise<void> {
    const { socket, client } = this.#options;
    await before;
    await writeInChunks(message, (chunk, fin, done) => socket.send(chunk, { binary: false, fin }, done));
    client.holder.give('answer', bytes);
    this.#waiting -= bytes;
    if (this.#waiting <= HIGH_WATER_BYTES && socket.readyState === socket.OPEN) socket.resume();
  }

  /** Closes the connection of a client of which no more is to be read. */
  #refuse(code: number, reason = 'Message too large'): void {
    this.invalid(code, reason);
    this.#options.socket.pause();
  }

  /** A client that has sent something is alive; one may be that is still reading what was sent before. */
  #ping(): void {
    const { socket } = this.#options;
    if (this.#waiting > 0) return;
    if (performance.now() > this.#aliveUntil) socket.terminate();
    else socket.ping();
  }
}
