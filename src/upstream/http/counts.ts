/** Keys without a count that stay for a while. */
const MAX_UNUSED = 256;

/**
 * Counts by caller. A map from which each key is deleted at once is rebuilt every few times, and what its old tables
 * refer to is moved by the collector of garbage until it is gone. So keys without a count go 256 at a time: up to as
 * many stay, of callers that have nothing any more. Written by every caller for itself; a count that is 0 says nothing.
 */
export class Counts {
  readonly #counts = new Map<string, number>();
  #unused = 0;

  get(key: string): number {
    return this.#counts.get(key) ?? 0;
  }

  add(key: string, number: number): void {
    const before = this.#counts.get(key);
    const sum = (before ?? 0) + number;
    this.#counts.set(key, sum);
    if (before === 0) this.#unused--;
    if (sum !== 0 || ++this.#unused <= MAX_UNUSED) return;
    this.#unused = 0;
    for (const [each, count] of this.#counts) if (count === 0) this.#counts.delete(each);
  }
}
