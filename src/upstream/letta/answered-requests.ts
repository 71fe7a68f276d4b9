/** Milliseconds for which a request that was answered isn't answered again: while an approved tool runs, the API takes a second answer. */
const ANSWERED_MS = 600_000;
/** The most requests that are remembered; beyond, the oldest are forgotten. */
const MAX_REQUESTS = 10_000;

/** The requests for an approval that were answered lately, by whichever caller. */
export class AnsweredRequests {
  /** When each was answered, by the id of its message, the oldest first. */
  readonly #answered = new Map<string, number>();

  /** @returns false if the request was claimed less than ten minutes ago */
  claim(id: string): boolean {
    const now = Date.now();
    for (const [oldest, at] of this.#answered) {
      if (now - at < ANSWERED_MS && this.#answered.size < MAX_REQUESTS) break;
      this.#answered.delete(oldest);
    }
    if (this.#answered.has(id)) return false;
    this.#answered.set(id, now);
    return true;
  }

  /** Lets a request be answered again, of which the API has certainly not taken the answer. */
  release(id: string): void {
    this.#answered.delete(id);
  }
}
