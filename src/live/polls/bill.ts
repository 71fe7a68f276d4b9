/** Requests that cursors may cause at most, in one poll and for one reader. */
export const MAX_LOOK_UP_REQUESTS = 300;

/** Rows that are read at most for a watcher that has fallen behind. */
export const MAX_ROWS_BEHIND = 5_000;

/** Charges an account for requests before they are made. @returns why it can't pay them; undefined if it has */
export type Charge = (requests: number) => Promise<Error | undefined>;

/** What one poll spends on what cursors say. It may be made up, so it is bounded, and paid ahead. */
export class Bill {
  readonly #charge: Charge;
  #left = MAX_LOOK_UP_REQUESTS;
  #refusal: Error | undefined;

  constructor(charge: Charge) {
    this.#charge = charge;
  }

  /** Why the account could not pay; nothing is charged after that. */
  get refusal(): Error | undefined {
    return this.#refusal;
  }

  /** @param free how many of the requests no cursor has caused @returns whether they may be made */
  async pays(requests: number, free = 0): Promise<boolean> {
    if (requests > this.#left) return false;
    if (requests > free) this.#refusal ??= await this.#charge(requests - free);
    if (requests > free && this.#refusal !== undefined) return false;
    this.#left -= requests;
    return true;
  }
}
