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
  readonly #random: () => number;
  /** The oldest first. */
  readonly #byAccount = new Map<string, Set<Stream>>();
  #size = 0;
  #isDraining = false;

  /** @param random returns a number in [0, 1) */
  constructor(max: number, random: () => number) {
    this.#max = max;
    this.#random = random;
  }

  get size(): number {
    return this.#size;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /**
   * Enters a stream of an account.
   *
   * @param end ends it early; it has left then
   * @param connection stands for the one that it is sent on
   * @returns a function to call when it has ended
   * @throws GatewayError if there is no room
   */
  enter(account: string, end: (reason: GatewayError) => void, connection: object = {}): () => void {
    const own = this.#byAccount.get(account) ?? new Set();
    const leave = (): void => {
      clearTimeout(stream.timer);
      if (!own.delete(stream)) return;
      this.#size -= 1;
      if (own.size === 0) this.#byAccount.delete(account);
    };
    const stream: Stream = {
      connection,
      end(reason) {
        leave();
        end(reason);
      },
    };
    this.#makeRoom(account);
    this.#byAccount.set(account, own.add(stream));
    this.#size += 1;
    return leave;
  }

  /** Ends all of them, those of each connection at a random time within so many milliseconds. */
  drain(withinMs: number, fromMs: number): void {
    this.#isDraining = true;
    const delays = new Map<object, number>();
    for (const stream of [...this.#byAccount.values()].flatMap((own) => [...own])) {
      clearTimeout(stream.timer);
      const end = (): void => stream.end(drained());
      const delay = delays.get(stream.connection) ?? fromMs + this.#random() * (withinMs - fromMs);
      delays.set(stream.connection, delay);
      if (withinMs === 0) end();
      else stream.timer = setTimeout(end, delay);
    }
  }

  #makeRoom(account: string): void {
    if (this.#size < this.#max) return;
    const own = this.#byAccount.get(account)?.size ?? 0;
    let largest = new Set<Stream>();
    for (const streams of this.#byAccount.values()) if (streams.size > largest.size) largest = streams;
    if (largest.size <= own + 1) {
      throw tooManySubscriptions(
        `There are ${this.#size} subscriptions already, as many as MAX_SUBSCRIPTIONS allows, and ${own} of them are yours`,
      );
    }
    const newest = [...largest].at(-1);
    newest?.end(
      tooManySubscriptions(
        `There are ${this.#size} subscriptions, as many as MAX_SUBSCRIPTIONS allows. You have ${largest.size} of them, the most of all callers, so one of them has ended for another caller`,
      ),
    );
  }
}
