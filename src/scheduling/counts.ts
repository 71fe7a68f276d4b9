/** Counts by key. Only keys whose count is not 0 are kept. */
export class Counts {
  readonly #counts = new Map<string, number>();

  get(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, number: number): void {
    const sum = this.get(key) + number;
    if (sum === 0) this.#counts.delete(key);
    else this.#counts.set(key, sum);
  }
}
