import { readRange } from '../../lists/ranges/read-range.ts';
import type { RunsSource } from '../../runs/runs-source.ts';
import { digestOf } from '../digests.ts';

/** Milliseconds for which the newest run isn't read again. */
const MAX_AGE_MS = 1_000;

/** The newest run that a caller can see, read once for all idle lists of the caller. */
export class NewestRun {
  /** The digest of the newest run; null if there are no runs, undefined before the first request. */
  digest: string | null | undefined;
  #requestedAt = -Infinity;

  async readDigest(runs: RunsSource): Promise<string | null> {
    const requestedAt = performance.now();
    if (this.digest !== undefined && requestedAt - this.#requestedAt < MAX_AGE_MS) return this.digest;
    const [run] = await readRange({ filter: {}, order: 'desc', after: null, limit: 1 }, runs);
    this.#requestedAt = requestedAt;
    return (this.digest = run === undefined ? null : digestOf(run));
  }
}
