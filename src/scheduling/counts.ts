/** Counts by key. Nothing is kept of a key whose count is 0. */
export class Counts {
  readonly #counts = new Map<string, number>();

  get(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  get isEmpty(): boolean {
    return this.#counts.size === 0;
  }

  add(key: string, number: number): void {
    const sum = this.get(key) + number;
    if (sum === 0) this.#counts.delete(key);
    else this.#counts.set(key, sum);
  }
}
