import type { GatewayError } from '../../errors/gateway-error.ts';
import { drained, tooManySubscriptions } from './stream-errors.ts';

interface Stream {
  readonly end: (reason: GatewayError) => void;
  /** Streams of one connection end together; otherwise their client would subscribe again on the same connection. */
  readonly connection: object;
  /** Ends the stream while the gateway drains. */
  timer?: NodeJS.Timeout;
}

/**
 * Limits and drains the open streams. Each account may have any number while there is room; then the account with the
 * most streams loses its newest to an account that has fewer. Made-up credentials count as accounts.
 */
export class OpenStreams {
  readonly #max: number;
  /** The streams of each account, the oldest first. */
  readonly #byAccount = new Map<string, Set<Stream>>();
  size = 0;
  isDraining = false;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Adds a stream of an account.
   *
   * @param end ends the stream early
   * @param connection the same object for all streams of a connection
   * @returns a function to call when the stream has ended
   * @throws GatewayError if there is no room
   */
  enter(account: string, end: (reason: GatewayError) => void, connection: object): () => void {
    const streams = this.#byAccount.get(account) ?? new Set();
    if (this.size >= this.#max) this.#makeRoom(streams.size);
    const stream: Stream = { connection, end };
    this.#byAccount.set(account, streams.add(stream));
    this.size += 1;
    return () => {
      clearTimeout(stream.timer);
      if (!streams.delete(stream)) return;
      this.size -= 1;
      if (streams.size === 0) this.#byAccount.delete(account);
    };
  }

  /** Ends all streams, each connection's at a random time between these milliseconds. */
  drain(withinMs: number, fromMs: number): void {
    this.isDraining = true;
    const delays = new Map<object, number>();
    for (const stream of [...this.#byAccount.values()].flatMap((streams) => [...streams])) {
      clearTimeout(stream.timer);
      const delay = delays.get(stream.connection) ?? fromMs + Math.random() * (withinMs - fromMs);
      delays.set(stream.connection, delay);
      if (withinMs === 0) stream.end(drained());
      else stream.timer = setTimeout(() => stream.end(drained()), delay);
    }
  }

  /** @param count the number of streams of the account that wants one more */
  #makeRoom(count: number): void {
    const all = [...this.#byAccount.values()];
    const largest = all.reduce((most, streams) => (streams.size > most.size ? streams : most), new Set());
    if (largest.size <= count + 1) {
      throw tooManySubscriptions(
        `There are ${this.size} subscriptions already, as many as MAX_SUBSCRIPTIONS allows, and ${count} of them are yours`,
      );
    }
    const reason = `There are ${this.size} subscriptions, as many as MAX_SUBSCRIPTIONS allows. You have ${largest.size} of them, the most of all callers, so one of them has ended for another caller`;
    [...largest].at(-1)?.end(tooManySubscriptions(reason));
  }
}
