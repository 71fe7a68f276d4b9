import type { Duplex } from 'node:stream';
import { Counts } from '../../memory/counts.ts';
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
  readonly #clients: Clients;
  #account: string | undefined;
  /** Bytes of its answer that have not left. */
  #answer = 0;

  constructor(clients: Clients, holder: Holder) {
    this.#clients = clients;
    this.holder = holder;
  }

  /** Of the caller whose request is under way. */
  get account(): string | undefined {
    return this.#account;
  }

  /**
   * A request of a caller who may send it is under way.
   *
   * @param account of its credentials
   * @returns the response, if the caller has too many connections with a request under way
   */
  begin(account: string): Failure | undefined {
    this.finish();
    const { underWay, maxPerCaller } = this.#clients;
    if (underWay.get(account) >= maxPerCaller) return overloaded;
    underWay.add(account, 1);
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
    if (this.#account !== undefined) this.#clients.underWay.add(this.#account, -1);
    this.#account = undefined;
  }

  /** It has disconnected, or has its answer. */
  close(): void {
    this.finish();
    this.holder.close();
  }
}

/** The clients of a gateway. Written by every client for itself, as long as it is connected. */
export class Clients {
  /** How many connections of each caller have a request under way, and how many may have. */
  readonly underWay = new Counts();
  readonly maxPerCaller: number;
  readonly #memory: Memory;
  readonly #known = new WeakMap<Duplex, Client>();

  constructor(memory: Memory, maxPerCaller: number) {
    this.#memory = memory;
    this.maxPerCaller = maxPerCaller;
  }

  /** Opens a client without a connection, which is to be closed. @param cutOff ends what it is about */
  open(cutOff: () => void): Client {
    return new Client(this, this.#memory.open(cutOff));
  }

  /** Returns the client of a connection, which is opened in the account when it is first asked for. */
  of(socket: Duplex): Client {
    const known = this.#known.get(socket);
    if (known !== undefined) return known;
    const client = this.open(() => socket.destroy());
    this.#known.set(socket, client);
    if (!client.holder.take('input', CONNECTION_BYTES)) socket.destroy();
    if (socket.closed) client.close();
    else socket.once('close', () => client.close());
    return client;
  }
}
