import type { GatewayError } from '../../errors/gateway-error.ts';
import { drained, tooManySubscriptions } from './errors.ts';

interface Stream {
  readonly end: (reason: GatewayError) => void;
  /** Those of one connection end together, or its client would subscribe again on the connection that is left. */
  readonly connection: object;
  /** While draining, until it is ended. */
  timer?: NodeJS.Timeout;
}

/**
 * The streams that are open. Each account may have as many as it likes while there is room. Then the
 * account with the most gives way, with its newest one, to one that has fewer even with one more: so all that
 * want many get equal shares, and one that wants few is never refused because of them. State that outlives a request,
 * of each account for itself; made-up credentials are accounts as well.
 */
export class Streams {
  readonly #max: number;
  /** The oldest first. */
  readonly #byAccount = new Map<string, Set<Stream>>();
  size = 0;
  isDraining = false;

  constructor(max: number) {
    this.#max = max;
  }

  /**
   * Enters a stream of an account.
   *
   * @param end ends it early
   * @param connection stands for the one that it is sent on
   * @returns a function to call when it has ended
   * @throws GatewayError if there is no room
   */
  enter(account: string, end: (reason: GatewayError) => void, connection: object): () => void {
    const own = this.#byAccount.get(account) ?? new Set();
    if (this.size >= this.#max) this.#makeRoom(own.size);
    const stream: Stream = { connection, end };
    this.#byAccount.set(account, own.add(stream));
    this.size += 1;
    return () => {
      clearTimeout(stream.timer);
      if (!own.delete(stream)) return;
      this.size -= 1;
      if (own.size === 0) this.#byAccount.delete(account);
    };
  }

  /** Ends all of them, those of each connection at a random time within so many milliseconds. */
  drain(withinMs: number, fromMs: number): void {
    this.isDraining = true;
    const delays = new Map<object, number>();
    for (const stream of [...this.#byAccount.values()].flatMap((own) => [...own])) {
      clearTimeout(stream.timer);
      const delay = delays.get(stream.connection) ?? fromMs + Math.random() * (withinMs - fromMs);
      delays.set(stream.connection, delay);
      if (withinMs === 0) stream.end(drained());
      else stream.timer = setTimeout(() => stream.end(drained()), delay);
    }
  }

  /** @param own the number of streams of the account that wants one more */
  #makeRoom(own: number): void {
    const all = [...this.#byAccount.values()];
    const largest = all.reduce((most, streams) => (streams.size > most.size ? streams : most), new Set());
    if (largest.size <= own + 1) {
      throw tooManySubscriptions(
        `There are ${this.size} subscriptions already, as many as MAX_SUBSCRIPTIONS allows, and ${own} of them are yours`,
      );
    }
    const reason = `There are ${this.size} subscriptions, as many as MAX_SUBSCRIPTIONS allows. You have ${largest.size} of them, the most of all callers, so one of them has ended for another caller`;
    [...largest].at(-1)?.end(tooManySubscriptions(reason));
  }
}
