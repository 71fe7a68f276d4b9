import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import type { Journal } from '../../observability/journal.ts';
import type { Client } from '../server/clients.ts';
import { lengthOf } from '../server/http-answer.ts';
import { writeInChunks } from '../server/send.ts';
import { type Receiver, watchUnfinished } from './unfinished.ts';

/** Milliseconds between pings. */
const PING_MS = 12_000;
/** Bytes that a slow client reads in a millisecond, and milliseconds in which it reads what the network holds. */
const SLOW_BYTES_PER_MS = 32;
const MAX_SLOW_MS = 300_000;
/** Bytes that wait to be read from which on no more messages of the client are read. */
const HIGH_WATER_BYTES = 1024 * 1024;
/** Larger answers are sent as they are, in fragments; smaller ones are copied, to be sent at once. */
const MAX_COPIED_BYTES = 64 * 1024;
/** Bytes that are entered for what is sent, besides its own. */
const FRAME_BYTES = 1024;

const GOING_AWAY = 1001;

/**
 * Messages to and from a client. What they make the gateway hold is entered in the account of memory. A client that
 * doesn't read is not read either.
 */
export abstract class Channel {
  protected readonly socket: WebSocket;
  protected readonly client: Client;
  readonly #journal: Journal;
  readonly #receiver: Receiver;
  /** Bytes that wait to be read, and when all of them have left. */
  #waiting = 0;
  #left: Promise<void> = Promise.resolve();
  /** Until when the client need not send anything. */
  #aliveUntil = 0;

  /** @param connection what the messages come by */
  constructor(socket: WebSocket, connection: Duplex, client: Client, journal: Journal) {
    this.socket = socket;
    this.client = client;
    this.#journal = journal;
    // The types don't know it.
    this.#receiver = Reflect.get(socket, '_receiver');
    const unfinished = watchUnfinished(this.#receiver, client.holder, (code, reason) => {
      // What isn't read from it now is not late.
      if (socket.isPaused) return false;
      this.invalid(code, reason);
      // No more is to be read from it.
      socket.pause();
      return true;
    });
    const pinging = setInterval(() => this.#ping(), PING_MS);
    connection.on('data', () => {
      this.#aliveUntil = Math.max(this.#aliveUntil, performance.now() + 2 * PING_MS);
      if (socket.readyState === socket.OPEN) unfinished.update();
    });
    socket.on('message', (message: Buffer) => {
      unfinished.clear();
      unfinished.update();
      if (socket.readyState !== socket.OPEN) return;
      this.handle(message);
      if (this.#waiting > HIGH_WATER_BYTES) socket.pause();
    });
    for (const event of ['ping', 'pong']) socket.on(event, () => unfinished.update());
    socket.on('error', (error) => this.#note(String(error)));
    socket.once('close', () => {
      clearInterval(pinging);
      unfinished.clear();
    });
  }

  /** Handles a message. */
  protected abstract handle(message: Buffer): void;

  /**
   * Sends a message, in fragments if it is large.
   *
   * @returns when it has left; undefined if it may not be held
   */
  protected send(parts: readonly Uint8Array[]): Promise<void> | undefined {
    const length = lengthOf(parts);
    const bytes = length + FRAME_BYTES;
    if (this.socket.readyState !== this.socket.OPEN) return Promise.resolve();
    if (!this.client.holder.take('answer', bytes)) return undefined;
    this.#waiting += bytes;
    const now = performance.now();
    const readMs = Math.max(0, this.#aliveUntil - now) + bytes / SLOW_BYTES_PER_MS;
    this.#aliveUntil = now + Math.min(readMs, MAX_SLOW_MS);
    const before = this.#left;
    this.#left = this.#write(length > MAX_COPIED_BYTES ? parts : [Buffer.concat(parts)], bytes, before);
    return this.#left;
  }

  /** Limits the bytes of the messages that come. */
  protected limit(bytes: number): void {
    this.#receiver._maxPayload = bytes;
  }

  /** Closes the connection of a client that has sent what is no message, or must not be. */
  protected invalid(code: number, reason: string): void {
    if (this.socket.readyState === this.socket.OPEN) this.#note(`Closed with ${code}`);
    this.socket.close(code, reason);
  }

  /** Closes the connection when everything has left. */
  protected async leave(): Promise<void> {
    await this.#left;
    this.socket.close(GOING_AWAY, 'Going away');
  }

  async #write(message: readonly Uint8Array[], bytes: number, before: Promise<void>): Promise<void> {
    const { socket } = this;
    await before;
    await writeInChunks(message, (chunk, fin, done) => socket.send(chunk, { binary: false, fin }, done));
    this.client.holder.give('answer', bytes);
    this.#waiting -= bytes;
    if (this.#waiting <= HIGH_WATER_BYTES && socket.readyState === socket.OPEN) socket.resume();
  }

  #note(reason: string): void {
    const { account } = this.client;
    this.#journal.note('Connection closed', { code: 'BAD_REQUEST', reason, account });
  }

  /** A client that has sent something is alive; one may be that is still reading what was sent before. */
  #ping(): void {
    if (this.#waiting > 0) return;
    if (performance.now() > this.#aliveUntil) this.socket.terminate();
    else this.socket.ping();
  }
}
