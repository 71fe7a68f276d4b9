/** Counts by key. A key whose count is 0 goes later, with others: a `Map` that deletes all the time copies itself as often. */
export class Counts {
  readonly #counts = new Map<string, number>();
  readonly #kept: number;
  #sweepAt: number;

  /** @param kept how many keys may be kept without need, besides as many as have a count */
  constructor(kept = 64) {
    this.#kept = kept;
    this.#sweepAt = kept;
  }

  get(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, number: number): void {
    const sum = this.get(key) + number;
    this.#counts.set(key, sum);
    if (sum !== 0 || this.#counts.size <= this.#sweepAt) return;
    for (const [each, count] of this.#counts) if (count === 0) this.#counts.delete(each);
    this.#sweepAt = 2 * this.#counts.size + this.#kept;
  }
}
