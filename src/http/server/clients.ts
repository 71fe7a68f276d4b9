import type { Duplex } from 'node:stream';
import type { Holder, Memory } from '../../memory/index.ts';
import { type Failure, overloaded } from './failure.ts';

/**
 * Bytes that a connection is entered with. They stand for its parser and the head of a request (16 KiB at most), and
 * for an answer that is too small to be entered by itself.
 */
const CONNECTION_BYTES = 16 * 1024;

/** A connection, or a request that came without one, as the account of memory knows it. */
export class Client {
  /** What it makes the process hold. */
  readonly holder: Holder;
  readonly #callers: Callers;
  /** Of the caller whose request is under way. */
  #account: string | undefined;
  /** Bytes of its answer that have not left. */
  #answer = 0;

  constructor(holder: Holder, callers: Callers) {
    this.holder = holder;
    this.#callers = callers;
  }

  /**
   * A request of a caller who may send it is under way.
   *
   * @param account of its credentials
   * @returns the response, if the caller has too many connections with a request under way
   */
  begin(account: string): Failure | undefined {
    this.finish();
    if (!this.#callers.enter(account)) return overloaded;
    this.#account = account;
    this.holder.identify(account);
    return undefined;
  }

  /**
   * Enters a part of its answer, unless that is small, or anyone may read it: then it is shared by all.
   *
   * @returns whether it may be held
   */
  hold(bytes: number): boolean {
    if (this.#account === undefined || bytes < CONNECTION_BYTES) return true;
    const isHeld = this.holder.take('answer', bytes);
    if (isHeld) this.#answer += bytes;
    return isHeld;
  }

  /** A part of its answer has left. */
  left(bytes: number): void {
    const entered = Math.min(bytes, this.#answer);
    this.#answer -= entered;
    this.holder.give('answer', entered);
  }

  /** Its request is over. */
  finish(): void {
    this.left(this.#answer);
    if (this.#account !== undefined) this.#callers.leave(this.#account);
    this.#account = undefined;
  }

  /** It has disconnected, or has its answer. */
  close(): void {
    this.finish();
    this.holder.close();
  }
}

/** How many connections of each caller have a request under way. */
class Callers {
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  /** @returns false if there are too many */
  enter(account: string): boolean {
    const others = this.#counts.get(account) ?? 0;
    if (others < this.#max) this.#counts.set(account, others + 1);
    return others < this.#max;
  }

  leave(account: string): void {
    const others = (this.#counts.get(account) ?? 1) - 1;
    if (others > 0) this.#counts.set(account, others);
    else this.#counts.delete(account);
  }
}

/** The clients of a gateway. Written by every client for itself, as long as it is connected. */
export interface Clients {
  /** Returns the client of a connection, which is opened in the account when it is first asked for. */
  of(socket: Duplex): Client;
  /** Opens a client without a connection, which is to be closed. @param cutOff ends what it is about */
  open(cutOff: () => void): Client;
}

/** @param maxPerCaller connections of one caller with a request under way */
export function createClients(memory: Memory, maxPerCaller: number): Clients {
  const known = new WeakMap<Duplex, Client>();
  const callers = new Callers(maxPerCaller);
  const open = (cutOff: () => void): Client => new Client(memory.open(cutOff), callers);
  return {
    open,
    of(socket) {
      const before = known.get(socket);
      if (before !== undefined) return before;
      const client = open(() => socket.destroy());
      known.set(socket, client);
      if (!client.holder.take('input', CONNECTION_BYTES)) socket.destroy();
      if (socket.closed) client.close();
      else socket.once('close', () => client.close());
      return client;
    },
  };
}
