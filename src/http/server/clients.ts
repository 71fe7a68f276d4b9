import type { Duplex } from 'node:stream';
import type { Holder, Memory } from '../../memory/index.ts';
import { type Failure, overloaded } from './failure.ts';

/**
 * Bytes that a connection is entered with. They stand for its parser and the head of a request (16 KiB at most), and
 * for an answer that is too small to be entered by itself.
 */
const CONNECTION_BYTES = 16 * 1024;

/** A connection, or a request that came without one, as the account of memory knows it. */
export interface Client {
  /** What it makes the process hold. */
  readonly holder: Holder;
  /** Of the caller whose request is under way. */
  readonly account: string | undefined;
  /**
   * A request of a caller who may send it is under way.
   *
   * @param account of its credentials
   * @returns the response, if the caller has too many connections with a request under way
   */
  begin(account: string): Failure | undefined;
  /** That request is over. */
  finish(): void;
  /** It has disconnected, or has its answer. */
  readonly close: () => void;
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
  /** How many connections of each caller have a request under way. */
  const underWay = new Map<string, number>();

  const open = (cutOff: () => void): Client => {
    const holder = memory.open(cutOff);
    let current: string | undefined;
    const finish = (): void => {
      if (current === undefined) return;
      const others = (underWay.get(current) ?? 1) - 1;
      if (others > 0) underWay.set(current, others);
      else underWay.delete(current);
      current = undefined;
    };
    return {
      holder,
      get account() {
        return current;
      },
      begin(account) {
        finish();
        const others = underWay.get(account) ?? 0;
        if (others >= maxPerCaller) return overloaded;
        underWay.set(account, others + 1);
        current = account;
        holder.identify(account);
        return undefined;
      },
      finish,
      close() {
        finish();
        holder.close();
      },
    };
  };

  return {
    open,
    of(socket) {
      const client = known.get(socket);
      if (client !== undefined) return client;
      const opened = open(() => socket.destroy());
      known.set(socket, opened);
      if (!opened.holder.take('input', CONNECTION_BYTES)) socket.destroy();
      if (socket.closed) opened.close();
      else socket.once('close', opened.close);
      return opened;
    },
  };
}
